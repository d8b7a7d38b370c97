import { lengthOfTimeBefore, timeBeforeAtMost } from './log-events';
import type { Found } from './scan/found';
import {
  byteOrderMark,
  closingBrace,
  closingBracket,
  comma,
  endOfString,
  isPage,
  isSpace,
  longestStart,
  longestValue,
  newline,
  ObjectScan,
  openingBrace,
  openingBracket,
  parseOrUndefined,
  quote,
  type Scan,
  startOfRecord,
} from './scan/object-scan';

/** Where the reader is: in a document's list, in a page's list, or behind that list in its page. */
type Place = 'top' | 'list' | 'pageList' | 'pageRest';

/**
 * Cuts bytes into JSON values, in bounded memory: lines, documents, elements of a list or a page,
 * messages behind their times. After garbage it goes on at the next record or line.
 */
export class JsonValues {
  #bytes: Buffer = Buffer.alloc(0);
  #position = 0;
  #line = 1;
  /** Where the current line starts; negative when its start is gone from the buffer. */
  #lineStart = 0;
  #place: Place = 'top';
  #isAtEnd = false;
  #isSkippingLine = false;
  /** The column at which a broken value started: deeper lines are its debris. Null: none. */
  #debrisColumn: number | null = null;
  #lastGarbageLine = 0;
  /** What lies before this has been tried as a line of its own. */
  #triedUntil = 0;

  /** The values that end in this chunk. */
  *push(chunk: Buffer): Generator<Found> {
    const rest = this.#bytes.subarray(this.#position);
    this.#lineStart -= this.#position;
    this.#bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#position = 0;
    this.#triedUntil = 0;
    yield* this.#run();
  }

  /** What the input ended with. */
  *end(): Generator<Found> {
    this.#isAtEnd = true;
    yield* this.#run();
    if (this.#place !== 'top') yield* this.#garbage('the input ends in the middle of a list');
  }

  *#run(): Generator<Found> {
    for (;;) {
      if (this.#isSkippingLine && !this.#skipLine()) return;
      this.#skipSeparators();
      if (this.#position >= this.#bytes.length) return;
      if (this.#isDebris()) this.#isSkippingLine = true;
      else if (!(yield* this.#step())) return;
    }
  }

  /** Takes the next thing; false when more of the input is needed for that. */
  *#step(): Generator<Found, boolean> {
    this.#debrisColumn = null;
    const byte = this.#bytes[this.#position];
    if (this.#place === 'pageRest') return yield* this.#leavePage();
    if (byte === openingBrace) return yield* this.#takeObject();
    if (byte === openingBracket && this.#place === 'top') return this.#enter('list', this.#position + 1);
    if (byte === openingBracket) return yield* this.#takeObject();
    if (byte === closingBracket && this.#place !== 'top') {
      return this.#enter(this.#place === 'pageList' ? 'pageRest' : 'top', this.#position + 1);
    }
    return this.#skipTimeBefore() ?? (yield* this.#takeScalar());
  }

  /** Skips the time that CloudWatch Logs writes before each message; null when there is none. */
  #skipTimeBefore(): boolean | null {
    if (this.#place !== 'top') return null;
    const start = this.#bytes.toString('latin1', this.#position, this.#position + timeBeforeAtMost);
    const length = lengthOfTimeBefore(start);
    if (length > 0) return this.#enter('top', this.#position + length);
    const isCutOff = start.length < timeBeforeAtMost && !start.includes('\n') && !this.#isAtEnd;
    return isCutOff ? false : null;
  }

  #enter(place: Place, position: number): true {
    this.#place = place;
    this.#position = position;
    return true;
  }

  *#takeObject(): Generator<Found, boolean> {
    const found = this.#place === 'top' ? this.#takeLine() : null;
    if (found !== null) {
      yield found;
      return true;
    }
    const scan = new ObjectScan(this.#bytes).run(this.#position);
    if (scan.found === 'object') return yield* this.#takeValue(scan);
    if (scan.found === 'page' && this.#place === 'top') {
      this.#advance(scan);
      return this.#enter('pageList', scan.end);
    }
    return yield* this.#takeUnfinished(scan);
  }

  /** Parses a whole line at once, as most inputs are; null where it is none, or may be a page. */
  #takeLine(): Found | null {
    const [bytes, position, line] = [this.#bytes, this.#position, this.#line];
    if (position < this.#triedUntil) return null;
    const end = bytes.indexOf(newline, position);
    this.#triedUntil = end < 0 ? bytes.length : end;
    if (end < 0 || bytes[end - 1] !== closingBrace) return null;
    const value = parseOrUndefined(bytes.toString('utf8', position, end));
    if (value === undefined || isPage(value as object)) return null;
    this.#position = end;
    return { kind: 'value', line, value };
  }

  *#takeValue(scan: Scan & { found: 'object' }): Generator<Found, boolean> {
    const text = this.#bytes.toString('utf8', this.#position, scan.end);
    const value = parseOrUndefined(text);
    if (value === undefined && this.#holdsMore(scan)) return yield* this.#startAgain('this is not JSON');
    if (value === undefined) yield* this.#garbage('this is not JSON');
    else yield { kind: 'value', line: this.#line, value };
    this.#advance(scan);
    return true;
  }

  #holdsMore({ newlines, end }: Scan & { found: 'object' }): boolean {
    return newlines > 0 || startOfRecord(this.#bytes, this.#position + 1, end) >= 0;
  }

  /** What follows the list in its page: `searchedLogStreams`, `nextToken`. */
  *#leavePage(): Generator<Found, boolean> {
    const scan = new ObjectScan(this.#bytes, true).run(this.#position);
    if (scan.found !== 'object') {
      const isGivenUp = yield* this.#takeUnfinished(scan);
      if (isGivenUp) this.#place = 'top';
      return isGivenUp;
    }
    this.#advance(scan);
    return this.#enter('top', scan.end);
  }

  *#takeUnfinished(scan: Scan): Generator<Found, boolean> {
    const isTooLong = this.#bytes.length - this.#position > longestValue;
    if (scan.found === 'unfinished' && !isTooLong && !this.#isAtEnd) return false;
    const isCutOff = scan.found === 'unfinished' && this.#isAtEnd;
    if (isCutOff) return yield* this.#startAgain('the input ends in the middle of this value');
    return yield* this.#startAgain(isTooLong ? 'this value is longer than 4 MiB' : 'this is not JSON');
  }

  /** Gives a value up: the next one may start on its line, where it can be told, or on the next. */
  *#startAgain(because: string): Generator<Found, true> {
    yield* this.#garbage(because);
    this.#debrisColumn = this.#position - this.#lineStart;
    this.#position += 1;
    this.#isSkippingLine = true;
    return true;
  }

  /** Takes what does not start as an object: no notification, but the sentence says what it is. */
  *#takeScalar(): Generator<Found, boolean> {
    const end = this.#endOfScalar();
    if (end === null) return false;
    const value = parseOrUndefined(this.#bytes.toString('utf8', this.#position, end).trim());
    if (value === undefined) yield* this.#garbage('this is not JSON');
    else yield { kind: 'value', line: this.#line, value };
    this.#position = end;
    return true;
  }

  /** The next comma in a list, else the end of the line; null when it is not in the buffer yet. */
  #endOfScalar(): number | null {
    let index = this.#position;
    if (this.#place !== 'top' && this.#bytes[index] === quote) {
      const end = endOfString(this.#bytes, index);
      index = end > 0 ? end : this.#bytes.length;
    }
    while (index < this.#bytes.length && !this.#endsScalar(this.#bytes[index] as number)) index += 1;
    const isWhole = index < this.#bytes.length || this.#isAtEnd || index - this.#position > longestValue;
    return isWhole ? Math.max(index, this.#position + 1) : null;
  }

  #endsScalar(byte: number): boolean {
    return byte === newline || (this.#place !== 'top' && (byte === comma || byte === closingBracket));
  }

  /** One report a line: what follows garbage on its line is garbage too. */
  *#garbage(because: string): Generator<Found> {
    if (this.#lastGarbageLine === this.#line) return;
    this.#lastGarbageLine = this.#line;
    yield { kind: 'garbage', line: this.#line, because };
  }

  #advance({ end, newlines }: { readonly end: number; readonly newlines: number }): void {
    this.#line += newlines;
    if (newlines > 0) this.#lineStart = this.#bytes.lastIndexOf(newline, end - 1) + 1;
    this.#position = end;
  }

  #skipSeparators(): void {
    for (; this.#position < this.#bytes.length; this.#position += 1) {
      const byte = this.#bytes[this.#position] as number;
      if (byte === newline) {
        this.#line += 1;
        this.#lineStart = this.#position + 1;
      } else if (!isSpace(byte) && !this.#isByteOrderMark() && !(byte === comma && this.#isInList())) return;
    }
  }

  #isInList(): boolean {
    return this.#place === 'list' || this.#place === 'pageList';
  }

  #isByteOrderMark(): boolean {
    return (
      this.#line === 1 && this.#bytes[this.#position] === byteOrderMark[this.#position - this.#lineStart]
    );
  }

  /** Up to a record or the line break, but not over it; false when neither is in the buffer yet. */
  #skipLine(): boolean {
    const end = this.#bytes.indexOf(newline, this.#position);
    const record = startOfRecord(this.#bytes, this.#position, end < 0 ? this.#bytes.length : end);
    if (record >= 0) this.#debrisColumn = null;
    this.#isSkippingLine = record < 0 && end < 0;
    const kept = Math.max(this.#position, this.#bytes.length - longestStart);
    this.#position = this.#isSkippingLine ? kept : record < 0 ? end : record;
    return !this.#isSkippingLine;
  }

  #isDebris(): boolean {
    if (this.#debrisColumn === null) return false;
    const column = this.#position - this.#lineStart;
    const isCloser = [closingBrace, closingBracket].includes(this.#bytes[this.#position] ?? 0);
    return column > this.#debrisColumn || (column === this.#debrisColumn && isCloser);
  }
}
