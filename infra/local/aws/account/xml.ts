import { XmlNode, XmlText } from '@aws-sdk/xml-builder';

type Member = string | Members | readonly Member[];
interface Members {
  readonly [name: string]: Member;
}

/**
 * Members of an answer as the query protocol writes them:
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function xml(members: Members): string {
  return contentOf(members).join('');
}

function contentOf(member: Member): (XmlNode | XmlText)[] {
  if (typeof member === 'string') return [new XmlText(member)];
  if (Array.isArray(member)) return member.map((one) => new XmlNode('member', contentOf(one)));
  return Object.entries(member).map(([name, inside]) => new XmlNode(name, contentOf(inside)));
}
