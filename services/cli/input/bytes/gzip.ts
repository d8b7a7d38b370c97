import { crc32, createInflateRaw } from 'node:zlib';
import { PackedBytes } from './packed-bytes';

/** The packed data ends too early, is damaged, or has something else behind it. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}

const unpackedBytes = 256 * 1024;

/**
 * Unpacks gzip, member by member. Whatever was unpacked before an error is yielded before it is
 * thrown: Node's own Gunzip keeps the last of it to itself, and with it all of a small file. Throws
 * GzipError, and what the source throws.
 */
export async function* unpackGzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = new PackedBytes(packed);
  do {
    await skipHeader(source);
    yield* unpackMember(source);
    await source.skipZeros();
  } while (await source.hasMore());
}

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const;

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
async function skipHeader(source: PackedBytes): Promise<void> {
  const header = await taken(source, 10);
  const flag = header[3] ?? 0;
  if (header.readUInt16BE(0) !== 0x1f8b || header[2] !== 8)
    throw new GzipError('something else stands behind the gzip data');
  if (flag & flags.extra) await taken(source, (await taken(source, 2)).readUInt16LE(0));
  for (const text of [flags.name, flags.comment]) {
    while (flag & text && (await taken(source, 1))[0] !== 0);
  }
  if (flag & flags.headerChecksum) await taken(source, 2);
}

async function* unpackMember(source: PackedBytes): AsyncGenerator<Buffer> {
  let checksum = 0;
  let size = 0;
  for await (const chunk of inflated(source)) {
    checksum = crc32(chunk, checksum);
    size += chunk.length;
    yield chunk;
  }
  const trailer = await taken(source, 8);
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== size % 2 ** 32)
    throw new GzipError(damage);
}

/** Leaves what stands behind the deflated data to the source. */
async function* inflated(source: PackedBytes): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: unpackedBytes });
  const chunks: Buffer[] = [];
  inflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<'end' | Error>((resolve) => {
    inflate.once('end', () => resolve('end'));
    inflate.once('error', resolve);
  });
  try {
    for (let fed = 0; ; ) {
      const part = await source.part();
      if (part === null) throw new GzipError(damage);
      fed += part.length;
      const written = new Promise<'written'>((resolve) => inflate.write(part, () => resolve('written')));
      const outcome = await Promise.race([written, ended]);
      yield* chunks.splice(0);
      if (outcome instanceof Error) throw new GzipError(damage, { cause: outcome });
      if (outcome === 'end') return source.putBack(part.subarray(part.length - (fed - inflate.bytesWritten)));
    }
  } finally {
    inflate.destroy();
  }
}

async function taken(source: PackedBytes, count: number): Promise<Buffer> {
  const bytes = await source.take(count);
  if (bytes === null) throw new GzipError(damage);
  return bytes;
}

const damage = 'the gzip data is damaged or cut off';
