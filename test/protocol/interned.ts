/** A value with a number of its own: equal values have the same number. */
export interface Interned<Value> {
  readonly id: number;
  readonly value: Value;
}

/** Gives values of the same text the same number, so that states compare by a few numbers. */
export class Interner<Value extends object> {
  readonly #known = new Map<string, Interned<Value>>();
  /** Spares the text of a value that was asked for before. */
  readonly #same = new WeakMap<Value, Interned<Value>>();
  readonly #textOf: (value: Value) => string;

  constructor(textOf: (value: Value) => string = JSON.stringify) {
    this.#textOf = textOf;
  }

  intern(value: Value): Interned<Value> {
    const same = this.#same.get(value);
    if (same !== undefined) return same;
    const interned = this.#internText(value);
    this.#same.set(value, interned);
    return interned;
  }

  #internText(value: Value): Interned<Value> {
    const text = this.#textOf(value);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const interned = { id: this.#known.size, value };
    this.#known.set(text, interned);
    return interned;
  }
}

/** Remembers what was computed under a key: most steps of a search repeat earlier ones. */
export class Remembered<Result> {
  readonly #results = new Map<string, Result>();

  recall(key: string, compute: () => Result): Result {
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = compute();
    this.#results.set(key, result);
    return result;
  }
}
