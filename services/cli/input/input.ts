import { createReadStream } from 'node:fs';
import { fileTrouble } from '../terminal/text-file';
import { GzipError, unpackGzip } from './bytes/gzip';

/**
 * An input that cannot be read at all (`missing`) or no further (`damaged`); the message is a
 * sentence without the input's name.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly kind: 'missing' | 'damaged';

  constructor(kind: InputError['kind'], sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.kind = kind;
  }
}

const chunkBytes = 256 * 1024;
const gzipMagic = [0x1f, 0x8b];
/** Where a NUL gives binary data away: in the first bytes, as in git. */
const looksAtBytes = 8000;

/**
 * The bytes of a file, or of standard input for `-`; unpacked if they start as gzip does. Throws
 * InputError.
 */
export async function* readInput(name: string): AsyncGenerator<Buffer> {
  const source = name === '-' ? process.stdin : createReadStream(name, { highWaterMark: chunkBytes });
  try {
    yield* textOf(source);
  } catch (error) {
    throw toInputError(error);
  } finally {
    source.destroy();
  }
}

/** What a person calls the input. */
export function nameOfInput(name: string): string {
  return name === '-' ? 'standard input' : name;
}

async function* textOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  const start = await chunks.next();
  if (start.done) return;
  const whole = startingWith(start.value, { [Symbol.asyncIterator]: () => chunks });
  const isGzip = gzipMagic.every((byte, index) => start.value[index] === byte);
  let isFirst = true;
  for await (const chunk of isGzip ? unpackGzip(whole) : whole) {
    if (isFirst && isBinary(chunk)) {
      throw new InputError('damaged', 'this is binary data, not JSON in UTF-8');
    }
    isFirst = false;
    yield chunk;
  }
}

/** A file of JSON may have holes of NUL, where a disk failed: what stands around them is good. */
function isBinary(start: Buffer): boolean {
  const hole = start.subarray(0, looksAtBytes).indexOf(0);
  return hole >= 0 && !/^\ufeff?\s*[[{\d][\s\S]*[}\n]/.test(start.toString('utf8', 0, hole));
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function toInputError(error: unknown): unknown {
  if (error instanceof InputError) return error;
  if (error instanceof GzipError) return new InputError('damaged', error.message, { cause: error });
  const trouble = fileTrouble(error);
  return trouble === null ? error : new InputError('missing', trouble, { cause: error });
}
