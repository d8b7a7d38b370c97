/** Small enough that what a thousandfold packed part of it becomes has room in memory. */
const partBytes = 16 * 1024;

/** A source of bytes that is read in parts, or so many bytes at a time. */
export class PackedBytes {
  #rest: Buffer = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, as many as there are and a part may have; null at the end. */
  async part(): Promise<Buffer | null> {
    if (!(await this.hasMore())) return null;
    return this.#cut(Math.min(partBytes, this.#rest.length));
  }

  /** So many bytes; null, and the rest is gone, where there are fewer. */
  async take(count: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (!(await this.hasMore())) return null;
      const part = this.#cut(Math.min(missing, this.#rest.length));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Lets bytes that were taken last be read again. */
  putBack(bytes: Buffer): void {
    this.#rest = Buffer.concat([bytes, this.#rest]);
  }

  /** Some programs fill up what they write with zeros. */
  async skipZeros(): Promise<void> {
    while (await this.hasMore()) {
      const end = this.#rest.findIndex((byte) => byte !== 0);
      this.#cut(end < 0 ? this.#rest.length : end);
      if (end >= 0) return;
    }
  }

  async hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }

  #cut(length: number): Buffer {
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return part;
  }
}
