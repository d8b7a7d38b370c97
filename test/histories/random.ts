/** A source of numbers from 0 to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `least` up to, but not including, `end`. */
export function wholeNumber(random: Random, least: number, end: number): number {
  return least + Math.floor(random() * (end - least));
}

/** So many hexadecimal digits. */
export function hexadecimal(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += wholeNumber(random, 0, 16).toString(16);
  return text;
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[wholeNumber(random, 0, items.length)] ?? items[0];
}

/** A shuffled copy. */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
