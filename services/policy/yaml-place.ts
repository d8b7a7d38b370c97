import { type Document, isMap, type LineCounter } from 'yaml';

/** A YAML text as it was parsed, with what it takes to find a place in it again. */
export interface YamlText {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** The line of the key that a path ends with, or of the nearest thing around it that the file does hold. */
export function lineOf({ document, lines }: YamlText, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === key) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

/** A path as people write it: `services[0].match`. */
export function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
