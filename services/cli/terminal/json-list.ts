/**
 * Writes one JSON document whose first field is a list, item by item, so that none has to be kept.
 */
export class JsonList {
  readonly #stream: NodeJS.WritableStream;
  #isEmpty = true;

  constructor(stream: NodeJS.WritableStream, field: string) {
    this.#stream = stream;
    stream.write(`{\n  ${JSON.stringify(field)}: [`);
  }

  add(item: object): void {
    const text = JSON.stringify(item, null, 2).replaceAll('\n', '\n    ');
    this.#stream.write(`${this.#isEmpty ? '' : ','}\n    ${text}`);
    this.#isEmpty = false;
  }

  /** The fields behind the list. */
  end(rest: object): void {
    const text = JSON.stringify(rest, null, 2).slice(2);
    this.#stream.write(`${this.#isEmpty ? '' : '\n  '}],\n${text}\n`);
  }
}
