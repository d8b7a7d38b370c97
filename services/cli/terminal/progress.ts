/** What is counted, and after how many of them it is said again. */
interface ProgressUnit {
  readonly what: string;
  readonly every: number;
  readonly everyOnTerminal: number;
}

const notifications: ProgressUnit = { what: 'notifications read', every: 50_000, everyOnTerminal: 5000 };

/** Says on stderr how far a long run has come: in place on a terminal, else a line now and then. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #counted: ProgressUnit;
  #isLineOpen = false;
  #shown = 0;

  constructor(stream: NodeJS.WriteStream, counted: ProgressUnit = notifications) {
    this.#stream = stream;
    this.#counted = counted;
  }

  show(count: number): void {
    const { isTTY } = this.#stream;
    const { what, every, everyOnTerminal } = this.#counted;
    const between = isTTY ? everyOnTerminal : every;
    if (count < this.#shown + between) return;
    this.#shown = count - (count % between);
    const sentence = `${this.#shown.toLocaleString('en-US')} ${what}`;
    this.#stream.write(isTTY ? `\r${sentence}` : `${sentence}\n`);
    this.#isLineOpen = isTTY;
  }

  /** Ends the line that is being rewritten, so that something else can be said. */
  clear(): void {
    if (this.#isLineOpen) this.#stream.write('\r\x1b[K');
    this.#isLineOpen = false;
  }
}
