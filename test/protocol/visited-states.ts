import type { Move } from './moves';
import type { ProtocolState, StateSpace } from './state';

/** A state, and its number in the order of discovery. */
interface ReachedState {
  readonly state: ProtocolState;
  readonly number: number;
}

/** The states by number, how each was first reached, and what leads where. */
export class VisitedStates {
  readonly #numbers = new Map<string, number>();
  readonly #labels: string[] = [];
  /** From where each can be reached; the first is where it was first reached from. */
  readonly #before: number[][] = [];
  readonly #ends: number[] = [];

  get count(): number {
    return this.#labels.length;
  }

  start(space: StateSpace, state: ProtocolState): ReachedState {
    return { state, number: this.#add(space.keyOfState(state), { label: 'the start', before: [] }) };
  }

  /** The state to which a move leads; null where that was reached before. */
  follow(space: StateSpace, { number: from }: ReachedState, move: Move): ReachedState | null {
    const state = space.settled(move.state);
    const key = space.keyOfState(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#before[known]?.push(from);
      return null;
    }
    return { state, number: this.#add(key, { label: move.label, before: [from] }) };
  }

  markAsEnd({ number }: ReachedState): void {
    this.#ends.push(number);
  }

  pathTo(number: number): readonly string[] {
    const path: string[] = [];
    for (let at = number; at > 0; at = this.#before[at]?.[0] ?? 0) path.unshift(this.#labels[at] ?? '');
    return path;
  }

  /** The way to the first state from which no end can be reached; null where there is none. */
  pathToStuck(): readonly string[] | null {
    const canEnd = new Uint8Array(this.count);
    const waiting = [...this.#ends];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (canEnd[number] === 1) continue;
      canEnd[number] = 1;
      waiting.push(...(this.#before[number] ?? []));
    }
    const stuck = canEnd.indexOf(0);
    return stuck < 0 ? null : this.pathTo(stuck);
  }

  #add(key: string, { label, before }: { readonly label: string; readonly before: number[] }): number {
    const number = this.count;
    this.#numbers.set(key, number);
    this.#labels.push(label);
    this.#before.push(before);
    return number;
  }
}
