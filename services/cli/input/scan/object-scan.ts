/**
 * Where a JSON object that starts in a buffer ends, as far as its brackets and strings tell;
 * JSON.parse has the last word.
 */
export type Scan =
  /** `end` is behind its closing bracket. */
  | { readonly found: 'object'; readonly end: number; readonly newlines: number }
  /** `end` is behind the opening bracket of the list under the key of a page. */
  | { readonly found: 'page'; readonly end: number; readonly newlines: number }
  | { readonly found: 'unfinished' }
  | { readonly found: 'broken' };

/** Deeper than any notification: 'broken' beyond, so that garbage cannot make a scan long. */
const deepest = 64;

/**
 * Under which key a page of CloudWatch Logs has its log events, an answer of Logs Insights its
 * results, ReceiveMessage its messages, and what a Lambda function gets its records.
 */
const pageKeys = ['events', 'results', 'Messages', 'Records'] as const;
const quotedPageKeys = pageKeys.map((key) => Buffer.from(`"${key}"`));

/** Whether an object is a list of values with something around it. */
export function isPage(value: object): boolean {
  return pageKeys.some((key) => key in value);
}

/** EventBridge's entries end at 256 KB; as log messages their quotes are escaped on top. */
export const longestValue = 4 * 1024 * 1024;

/**
 * How records begin that are written without spaces: notifications, lines of an export, log events
 * and messages of a queue. In a text they stand with other quotes.
 */
const recordStarts = ['version', 'schemaVersion', 'logStreamName', 'timestamp', 'MessageId', 'messageId'].map(
  (key) => Buffer.from(`{"${key}":`),
);
export const longestStart = Math.max(...recordStarts.map(({ length }) => length));

/**
 * Where the first record between two places starts; negative where none does. It looks no further
 * than that, so that a line full of starts is read once.
 */
export function startOfRecord(bytes: Buffer, from: number, to: number): number {
  const part = bytes.subarray(from, to);
  for (let at = part.indexOf(objectWithKey); at >= 0; at = part.indexOf(objectWithKey, at + 1)) {
    const isRecord = recordStarts.some((start) => part.subarray(at, at + start.length).equals(start));
    if (isRecord) return from + at;
  }
  return -1;
}

const objectWithKey = Buffer.from('{"');

const unfinished: Scan = { found: 'unfinished' };
const broken: Scan = { found: 'broken' };

/**
 * Scans one object. What no JSON can hold ends it at once as 'broken': a line break within a
 * string, or an opening bracket where none can stand. That is what shows, when a line was cut off,
 * that the next one is a value of its own.
 */
export class ObjectScan {
  readonly #closers: number[] = [];
  #previous = 0;
  #newlines = 0;
  readonly #bytes: Buffer;

  /** With `isOpen`, the scan starts within an object whose opening bracket has been read. */
  constructor(bytes: Buffer, isOpen = false) {
    this.#bytes = bytes;
    if (isOpen) this.#closers.push(closingBrace);
  }

  run(start: number): Scan {
    for (let index = start; index < this.#bytes.length; index += 1) {
      const byte = this.#bytes[index] as number;
      if (byte === quote) {
        const end = endOfString(this.#bytes, index);
        const stop = this.#stopBehindString(index, end);
        if (stop !== null) return stop;
        index = end - 1;
        this.#previous = quote;
      } else if (!this.#takeByte(byte)) return broken;
      if (this.#closers.length === 0) return { found: 'object', end: index + 1, newlines: this.#newlines };
    }
    return unfinished;
  }

  #stopBehindString(start: number, end: number): Scan | null {
    if (end === unfinishedString) return unfinished;
    return end === brokenString ? broken : this.#startOfPage(start, end);
  }

  #takeByte(byte: number): boolean {
    if (byte === newline) this.#newlines += 1;
    return byte <= space || this.#takeStructure(byte);
  }

  /** Follows brackets; false where this byte cannot stand. */
  #takeStructure(byte: number): boolean {
    const closer = this.#closers.at(-1);
    const previous = this.#previous;
    this.#previous = byte;
    if (byte === openingBrace || byte === openingBracket) {
      const isInList = closer === closingBracket && (previous === openingBracket || previous === comma);
      if (closer !== undefined && previous !== colon && !isInList) return false;
      this.#closers.push(byte === openingBrace ? closingBrace : closingBracket);
      return this.#closers.length <= deepest;
    }
    if (byte !== closingBrace && byte !== closingBracket) return true;
    return this.#closers.pop() === byte;
  }

  /**
   * A page of `filter-log-events` may be larger than memory: its list is entered instead of being
   * read as one value.
   */
  #startOfPage(start: number, end: number): Scan | null {
    if (this.#closers.length !== 1 || (this.#previous !== openingBrace && this.#previous !== comma))
      return null;
    const isPageKey = quotedPageKeys.some(
      (key) => end - start === key.length && this.#bytes.subarray(start, end).equals(key),
    );
    if (!isPageKey) return null;
    const colonAt = skipSpace(this.#bytes, end);
    const listAt = skipSpace(this.#bytes, colonAt + 1);
    if (listAt >= this.#bytes.length) return unfinished;
    if (this.#bytes[colonAt] !== colon || this.#bytes[listAt] !== openingBracket) return null;
    const newlines = this.#newlines + countNewlines(this.#bytes, end, listAt);
    return { found: 'page', end: listAt + 1, newlines };
  }
}

export const byteOrderMark = [0xef, 0xbb, 0xbf];
export const newline = 0x0a;
const space = 0x20;
export const quote = 0x22;
export const comma = 0x2c;
const colon = 0x3a;
export const openingBracket = 0x5b;
export const closingBracket = 0x5d;
export const openingBrace = 0x7b;
export const closingBrace = 0x7d;
const backslash = 0x5c;
const unfinishedString = -1;
const brokenString = -2;

/** A hole of NUL is no space: something was lost there. */
export function isSpace(byte: number): boolean {
  return byte <= space && byte > 0;
}

/** Behind the closing quote of the string that starts here; negative when there is none. */
export function endOfString(bytes: Buffer, start: number): number {
  for (let index = start + 1; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === quote) return index + 1;
    if (byte === backslash) index += 1;
    else if (byte === newline) return brokenString;
  }
  return unfinishedString;
}

function skipSpace(bytes: Buffer, start: number): number {
  let index = start;
  while (index < bytes.length && (bytes[index] as number) <= space) index += 1;
  return index;
}

function countNewlines(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += 1) if (bytes[index] === newline) count += 1;
  return count;
}

/** The value of a JSON text; undefined where it is none. */
export function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
