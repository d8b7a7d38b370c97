const linesBetween = 50_000;
const linesBetweenOnTerminal = 5000;

/** Says on stderr how far a long input has been read: in place on a terminal, else a line now and then. */
export class Progress {
  private readonly stream: NodeJS.WriteStream;
  private isLineOpen = false;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  show(valuesRead: number): void {
    const { isTTY } = this.stream;
    if (valuesRead % (isTTY ? linesBetweenOnTerminal : linesBetween) !== 0) return;
    const sentence = `${valuesRead.toLocaleString('en-US')} notifications read`;
    this.stream.write(isTTY ? `\r${sentence}` : `${sentence}\n`);
    this.isLineOpen = isTTY;
  }

  /** Ends the line that is being rewritten, so that something else can be said. */
  clear(): void {
    if (this.isLineOpen) this.stream.write('\r\x1b[K');
    this.isLineOpen = false;
  }
}
