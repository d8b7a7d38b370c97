import type { Move } from './moves';
import { isEnd } from './promises';
import type { ProtocolState, StateSpace } from './state';

/** Where everybody sleeps, and a state in which the others do as they like. */
interface Rest {
  readonly state: ProtocolState;
  readonly number: number;
}

/**
 * Whether a rollout can be over from wherever reconcilers may leave it: all of them may die at any
 * time, so that it is enough to ask whether one that wakes then can come to the end.
 */
export class WaysToTheEnd {
  readonly #space: StateSpace;
  readonly #rests = new Map<string, Rest>();

  constructor(space: StateSpace) {
    this.#space = space;
  }

  /** `number` is that of the state in which everybody falls asleep. */
  add(state: ProtocolState, number: number): void {
    const asleep = this.#space.settled({ ...state, processes: state.processes.map(() => null) });
    const rest = { ...asleep, processes: [null] };
    const key = this.#space.keyOfState(rest);
    if (!this.#rests.has(key)) this.#rests.set(key, { state: rest, number });
  }

  /** The number of a state from which no end can be reached; null where there is none. */
  stuckAt(movesFrom: (state: ProtocolState) => Iterable<Move>): number | null {
    const before = new Map<string, string[]>();
    const waiting = [...this.#rests.values()].map(({ state }) => state);
    const seen = new Set(this.#rests.keys());
    const ends: string[] = [];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      const from = this.#space.keyOfState(state);
      if (isEnd(state)) ends.push(from);
      for (const move of movesFrom(state)) {
        const next = this.#space.settled(move.state);
        const key = this.#space.keyOfState(next);
        before.set(key, [...(before.get(key) ?? []), from]);
        if (!seen.has(key)) waiting.push(next);
        seen.add(key);
      }
    }
    const canEnd = reachedFrom(ends, before);
    for (const [key, { number }] of this.#rests) if (!canEnd.has(key)) return number;
    return null;
  }
}

function reachedFrom(starts: readonly string[], next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    waiting.push(...(next.get(key) ?? []));
  }
  return reached;
}
