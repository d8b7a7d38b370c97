import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod/mini';

/** A YAML text that was parsed, with what it takes to name a place in it. */
export class YamlText {
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #fileName: string;

  /** Parses YAML, and JSON as the YAML that it also is. Pure; `fileName` is for the sentences. */
  constructor(text: string, fileName: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    this.#fileName = fileName;
  }

  /** The first mistake in the syntax, and where it is; null when there is none. */
  get syntaxError(): { readonly where: string; readonly message: string } | null {
    const [error] = this.#document.errors;
    if (error === undefined) return null;
    const { line } = this.#lines.linePos(error.pos[0]);
    return { where: `${this.#fileName}, line ${line}`, message: error.message };
  }

  /** The plain value. Throws where an alias has no anchor, and for a bomb of aliases. */
  toPlainValue(): unknown {
    return this.#document.toJS() ?? {};
  }

  /** `policy.yml, line 3: services[0].match`. */
  whereIs(path: readonly PropertyKey[]): string {
    return `${this.#fileName}, line ${this.#lineOf(path)}: ${fieldPath(path)}`;
  }

  /**
   * One sentence on what a schema finds wrong; `unknownKey` says what a key is that nobody knows.
   */
  issueSentence(issue: z.core.$ZodIssue | undefined, unknownKey: string): string {
    if (issue === undefined) return `${this.#fileName}, line 1: the file is not valid`;
    if (issue.code === 'unrecognized_keys') {
      return `${this.whereIs([...issue.path, issue.keys[0] ?? ''])} ${unknownKey}`;
    }
    if (issue.path.length === 0) return `${this.#fileName}, line 1: ${issue.message}`;
    const missing = this.#document.getIn(issue.path) === undefined ? ', and is missing' : '';
    return `${this.whereIs(issue.path)} ${issue.message}${missing}`;
  }

  /**
   * The line of the key that a path ends with, or of the nearest thing around it that the file has.
   */
  #lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const parentPath = path.slice(0, length - 1);
      const parent = length === 1 ? this.#document.contents : this.#document.getIn(parentPath, true);
      const key = path[length - 1];
      const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === key) : undefined;
      const node = pair?.key ?? this.#document.getIn(path.slice(0, length), true);
      const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return 1;
  }
}

/** A path as people write it: `services[0].match`. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
