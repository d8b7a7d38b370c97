type Member = string | Members | readonly Member[];
interface Members {
  readonly [name: string]: Member;
}

/** Members of an answer as the query protocol writes them: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function xml(members: Members): string {
  return Object.entries(members)
    .map(([name, member]) => `<${name}>${inside(member)}</${name}>`)
    .join('');
}

function inside(member: Member): string {
  if (typeof member === 'string') return escaped(member);
  if (Array.isArray(member)) return member.map((one) => `<member>${inside(one)}</member>`).join('');
  return xml(member as Members);
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
