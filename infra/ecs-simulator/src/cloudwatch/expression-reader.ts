/** The expression cannot be read; the message says where. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Reads an expression word by word, for those who know its grammar. */
export class ExpressionReader {
  readonly #text: string;
  readonly #words: readonly string[];
  #at = 0;

  /** `word` matches each word at its place, and what does not match is refused. */
  constructor(text: string, word: RegExp) {
    this.#text = text;
    this.#words = text.match(new RegExp(`${word.source}|\\S`, 'g')) ?? [];
  }

  /** The next word, or an empty one at the end. */
  peek(): string {
    return this.#words[this.#at] ?? '';
  }

  next(): string {
    const word = this.peek();
    this.#at += 1;
    return word;
  }

  /** Whether the next word is one of these; it is passed over then. */
  takes(...words: readonly string[]): boolean {
    const isTaken = words.includes(this.peek());
    if (isTaken) this.#at += 1;
    return isTaken;
  }

  expect(word: string): void {
    if (!this.takes(word)) this.refuse();
  }

  end(): void {
    if (this.#at < this.#words.length) this.refuse();
  }

  refuse(): never {
    throw new ExpressionError(`Error in expression '${this.#text}' at '${this.peek()}'`);
  }
}
