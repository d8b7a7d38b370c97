/**
 * As much of CBOR (RFC 8949) as Smithy's RPC protocol sends: no indefinite length is written, but it is read.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export class CborError extends Error {
  override readonly name = 'CborError';
}

/** An instant, as seconds since the epoch: tag 1. */
export class CborInstant {
  readonly epochSeconds: number;

  constructor(epochSeconds: number) {
    this.epochSeconds = epochSeconds;
  }
}

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/** Members that are undefined are left out. */
export function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'string') return encodeText(value);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (value === null || value === undefined) return Buffer.from([0xf6]);
  if (value instanceof CborInstant)
    return Buffer.concat([head(major.tag, 1), encodeNumber(value.epochSeconds)]);
  if (Array.isArray(value)) return Buffer.concat([head(major.array, value.length), ...value.map(encodeCbor)]);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const encoded = members.flatMap(([name, member]) => [encodeText(name), encodeCbor(member)]);
  return Buffer.concat([head(major.map, members.length), ...encoded]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([head(major.text, bytes.length), bytes]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isSafeInteger(value)) {
    return value >= 0 ? head(major.unsigned, value) : head(major.negative, -1 - value);
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(type: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(type << 5) | argument]);
  const bytes = Buffer.alloc(9);
  bytes[0] = (type << 5) | 27;
  bytes.writeBigUInt64BE(BigInt(argument), 1);
  return bytes;
}

/** Reads one value; a tagged one is read as what is tagged, so that an instant is a number. Throws CborError. */
export function decodeCbor(bytes: Buffer): unknown {
  try {
    return new CborReader(bytes).read();
  } catch (error) {
    if (error instanceof RangeError) throw new CborError('The value ends too early.', { cause: error });
    throw error;
  }
}

/** Ends what has no length of its own. */
const stop = Symbol('break');
const deepest = 64;

class CborReader {
  readonly #bytes: Buffer;
  #at = 0;
  #depth = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): unknown {
    this.#depth += 1;
    if (this.#depth > deepest) throw new CborError('The value is nested too deeply.');
    const first = this.#bytes.readUInt8(this.#at++);
    const value = this.#readOf(first >> 5, first & 31);
    this.#depth -= 1;
    return value;
  }

  #readOf(type: number, info: number): unknown {
    if (type === major.simple) return this.#simple(info);
    const length = info === 31 ? null : this.#argument(info);
    switch (type) {
      case major.unsigned:
        return length;
      case major.negative:
        return -1 - (length ?? 0);
      case major.bytes:
        return this.#chunks(length);
      case major.text:
        return this.#chunks(length).toString('utf8');
      case major.array:
        return this.#items(length);
      case major.map:
        return this.#members(length);
      default:
        return this.read();
    }
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[info];
    if (size === undefined) throw new CborError('The value is not CBOR.');
    const from = this.#take(size);
    return size === 8 ? Number(this.#bytes.readBigUInt64BE(from)) : this.#bytes.readUIntBE(from, size);
  }

  #simple(info: number): unknown {
    const simple: Record<number, unknown> = { 20: false, 21: true, 22: null, 23: undefined, 31: stop };
    if (info in simple) return simple[info];
    if (info === 26) return this.#bytes.readFloatBE(this.#take(4));
    if (info === 27) return this.#bytes.readDoubleBE(this.#take(8));
    if (info === 25) return halfFloat(this.#bytes.readUInt16BE(this.#take(2)));
    throw new CborError('The value is not CBOR.');
  }

  #chunks(length: number | null): Buffer {
    if (length !== null) {
      const from = this.#take(length);
      return this.#bytes.subarray(from, from + length);
    }
    return Buffer.concat(this.#items(null).map((chunk) => Buffer.from(chunk as string | Buffer)));
  }

  #items(length: number | null): unknown[] {
    const items: unknown[] = [];
    while (length === null || items.length < length) {
      const item = this.read();
      if (item === stop) break;
      items.push(item);
    }
    return items;
  }

  #members(length: number | null): Record<string, unknown> {
    const members = new Map<string, unknown>();
    for (let count = 0; length === null || count < length; count += 1) {
      const name = this.read();
      if (name === stop) break;
      members.set(String(name), this.read());
    }
    return Object.fromEntries(members);
  }

  /** Moves on by so many bytes, and returns where they begin. */
  #take(size: number): number {
    const from = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) throw new CborError('The value ends too early.');
    return from;
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}
