/**
 * Remembers what a pure function made of each text. Notifications name the same few services, task definitions and days again and again,
 * and to look one up takes a fraction of parsing it. What throws is not remembered; what would outgrow `most` starts anew.
 */
export function memoized<Result>(parse: (text: string) => Result, most = 10_000): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const result = parse(text);
    if (known.size >= most) known.clear();
    known.set(text, result);
    return result;
  };
}
