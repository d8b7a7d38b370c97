import { clearLine, clearScreenDown, cursorTo } from 'node:readline';
import { terminalText } from '../terminal/streams/safe-text';

/** The alternate screen, without a cursor; a line that is too long ends at the border. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** What is drawn: a picture at the top, what has happened below it, and a foot. */
interface LivePicture {
  readonly picture: readonly string[];
  /** The newest last; as many of the last as there is room for. */
  readonly news: readonly string[];
  readonly foot: readonly string[];
}

/**
 * The alternate screen of a terminal: what is drawn there is gone with it, and what stood on the
 * terminal is back.
 */
export class LiveScreen {
  readonly #terminal: NodeJS.WritableStream & { readonly rows?: number };
  #isOpen = false;

  constructor(terminal: NodeJS.WritableStream & { readonly rows?: number }) {
    this.#terminal = terminal;
  }

  /** Draws over what was drawn before. */
  draw(lines: LivePicture): void {
    const terminal = this.#terminal;
    if (!this.#isOpen) terminal.write(enter);
    this.#isOpen = true;
    cursorTo(terminal, 0, 0);
    for (const line of fitting(lines, terminal.rows)) {
      // Behind a line that ends at the border, its last letter would be cleared.
      clearLine(terminal, 1);
      terminal.write(terminalText(line));
      terminal.write('\r\n');
    }
    clearScreenDown(terminal);
  }

  /** Repeatable. */
  close(): void {
    if (this.#isOpen) this.#terminal.write(leave);
    this.#isOpen = false;
  }
}

/** The last row stays free: a line break there would scroll. */
function fitting({ picture, news, foot }: LivePicture, rows = 24): readonly string[] {
  const room = Math.max(3, rows - 1 - foot.length - 1);
  const shown =
    picture.length <= room
      ? picture
      : [...picture.slice(0, room - 1), `… ${picture.length - room + 1} more lines`];
  const left = room - shown.length - 1;
  const last = left > 0 ? news.slice(-left) : [];
  return [...shown, ...(last.length === 0 ? [] : ['', ...last]), '', ...foot];
}
