import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { columnsOf, wrap } from '../../../../services/cli/terminal/text-layout';
import { LiveScreen } from '../../../../services/cli/watch/live-screen';

/** As much of a terminal as a live screen uses: a line that is too long ends at the border. */
class Terminal extends Writable {
  readonly rows = 8;
  readonly lines: string[] = [];
  #row = 0;
  #column = 0;
  readonly #columns: number;

  constructor(columns: number) {
    super({ decodeStrings: false });
    this.#columns = columns;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    for (const [part] of text.matchAll(/\p{Cc}\[[?\d;]*[A-Za-z]|\r\n|\P{Cc}+/gu)) this.#take(part);
    done();
  }

  #take(part: string): void {
    const line = this.lines[this.#row] ?? '';
    if (part === '\r\n') {
      this.#row += 1;
      this.#column = 0;
    } else if (/\[1;1H$/.test(part)) {
      this.#row = 0;
      this.#column = 0;
    } else if (/\[0K$/.test(part)) {
      // The cursor never stands behind the last column.
      this.lines[this.#row] = line.slice(0, Math.min(this.#column, this.#columns - 1));
    } else if (stripVTControlCharacters(part) !== '') {
      this.lines[this.#row] = (line.slice(0, this.#column) + part).slice(0, this.#columns);
      this.#column += part.length;
    }
  }
}

it('R134 a live picture shows a line that is as wide as the terminal to its end, and clears what was longer', () => {
  const terminal = new Terminal(10);
  const screen = new LiveScreen(terminal as never);
  screen.draw({ picture: ['123456789', '1234567890'], news: [], foot: ['foot'] });
  expect(terminal.lines).toEqual(['123456789', '1234567890', '', 'foot']);
  screen.draw({ picture: ['1', '12'], news: [], foot: ['foot'] });
  expect(terminal.lines.slice(0, 4)).toEqual(['1', '12', '', 'foot']);
});

it.each(['↩', '💳', '⟳', 'お', '✖'])('R134 no line of a text with %s is wider than it may be', (sign) => {
  const text = `2026-11-29 22:58:24 UTC  prod/web  web:2 ${sign} going back: 2 of 3 starts failed; of the 3 before`;
  for (const columns of [20, 41, 42, 43, 60, 61]) {
    const wide = wrap(text, columns).filter((line) => columnsOf(line) > columns);
    expect(wide).toEqual([]);
  }
});
