import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

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

const sentences: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory, not a file',
  EACCES: 'this file may not be read',
};

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
  for await (const chunk of isGzip ? unpack(whole) : whole) {
    if (isFirst && chunk.subarray(0, looksAtBytes).includes(0)) {
      throw new InputError('damaged', 'this is binary data, not JSON in UTF-8');
    }
    isFirst = false;
    yield chunk;
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unpack(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // An error of the source or of the data destroys the gunzip stream with it, so that whoever reads
  // from that learns of it.
  pipeline(Readable.from(packed), gunzip).catch(() => {});
  return gunzip;
}

function toInputError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (error instanceof InputError) return error;
  if (code.startsWith('Z_'))
    return new InputError('damaged', 'the gzip data is damaged or cut off', { cause: error });
  const sentence = sentences[code];
  return sentence === undefined ? error : new InputError('missing', sentence, { cause: error });
}
