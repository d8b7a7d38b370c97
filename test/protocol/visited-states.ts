import type { Move } from './moves';
import type { ProtocolState, StateSpace } from './state';

/** A state, and its number in the order of discovery. */
interface ReachedState {
  readonly state: ProtocolState;
  readonly number: number;
}

/** The states by number, and how each was first reached. */
export class VisitedStates {
  readonly #numbers = new Map<string, number>();
  readonly #labels: (readonly string[])[] = [];
  readonly #before: number[] = [];

  get count(): number {
    return this.#labels.length;
  }

  start(space: StateSpace, state: ProtocolState): ReachedState {
    return { state, number: this.#add(space.keyOfState(state), { labels: [], before: -1 }) };
  }

  /** The state to which a move leads; null where that was reached before. */
  follow(space: StateSpace, { number: before }: ReachedState, { labels, state }: Move): ReachedState | null {
    const settled = space.settled(state);
    const key = space.keyOfState(settled);
    if (this.#numbers.has(key)) return null;
    return { state: settled, number: this.#add(key, { labels, before }) };
  }

  pathTo(number: number): readonly string[] {
    const path: (readonly string[])[] = [];
    for (let at = number; at >= 0; at = this.#before[at] ?? -1) path.unshift(this.#labels[at] ?? []);
    return path.flat();
  }

  #add(
    key: string,
    { labels, before }: { readonly labels: readonly string[]; readonly before: number },
  ): number {
    const number = this.count;
    this.#numbers.set(key, number);
    this.#labels.push(labels);
    this.#before.push(before);
    return number;
  }
}
