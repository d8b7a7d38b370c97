import { type Interned, Remembered } from './interned';
import { type Move, type ReconcilerMoves, withProcess } from './moves';
import type { Reconciling } from './reconciler-steps';
import type { ProtocolState, StateSpace } from './state';

/** What a reconciler may have become while nothing changed that others see, and by which steps. */
interface Stance {
  readonly process: Interned<Reconciling> | null;
  readonly labels: readonly string[];
}

/** A kill switch that is thrown ends a reconcile, too: before a request, or in place of a call. */
const death = 'dies, or is held by the kill switch';

/**
 * The steps that only their reconciler sees: reading, looking, writing what stands there already.
 * They are left for as long as they come to the same. Whoever has not taken one can take it later,
 * so that states in which somebody has are searched only where something has changed since.
 */
export class Stances {
  readonly #space: StateSpace;
  readonly #moves: ReconcilerMoves;
  readonly #found = new Remembered<readonly Stance[]>();
  readonly #outlived = new Remembered<readonly Stance[]>();

  constructor(space: StateSpace, moves: ReconcilerMoves) {
    this.#space = space;
    this.#moves = moves;
  }

  /** The steps by which a reconciler changes what others see, behind any that they do not. */
  *changesBy(state: ProtocolState, index: number): Iterable<Move> {
    for (const { process, labels } of this.#stancesOf(state, index)) {
      const { label, state: after } = this.#moves.next(withProcess(state, index, process), index);
      if (isUnseen(state, after)) continue;
      yield { labels: [...labels, label].map((one) => `${index} ${one}`), state: after };
    }
    // The log names it: whoever reads that may tell that it is gone.
    if (!this.#space.ownsLease(state, index)) return;
    yield { labels: [`${index} ${death}`], state: withProcess(state, index, null) };
  }

  /**
   * A change, with everything that the other reconcilers may have seen just before it and would
   * not see after it.
   */
  *around(before: ProtocolState, change: Move, by: number | null): Iterable<Move> {
    let moves: Move[] = [{ labels: [], state: change.state }];
    for (const index of change.state.processes.keys()) {
      if (index === by) continue;
      const outlived = this.#outlivedBy(before, change.state, index);
      moves = moves.flatMap((move) =>
        outlived.map((stance) => ({
          labels: [...move.labels, ...stance.labels.map((one) => `${index} ${one}`)],
          state: withProcess(move.state, index, stance.process),
        })),
      );
    }
    for (const { labels, state } of moves) yield { labels: [...labels, ...change.labels], state };
  }

  #outlivedBy(before: ProtocolState, after: ProtocolState, index: number): readonly Stance[] {
    const key = `${this.#keyOf(before, index)} ${this.#keyOf(after, index)}`;
    return this.#outlived.recall(key, () => {
      const [current, ...others] = this.#stancesOf(before, index);
      const kept = current === undefined ? [] : [current];
      for (const stance of others) {
        if (!kept.some(({ process }) => this.#leadsTo(withProcess(after, index, process), index, stance))) {
          kept.push(stance);
        }
      }
      return kept;
    });
  }

  #leadsTo(state: ProtocolState, index: number, { process }: Stance): boolean {
    return this.#stancesOf(state, index).some((stance) => stance.process === process);
  }

  /** As it is now comes first. */
  #stancesOf(state: ProtocolState, index: number): readonly Stance[] {
    return this.#found.recall(this.#keyOf(state, index), () => this.#findStances(state, index));
  }

  #findStances(state: ProtocolState, index: number): readonly Stance[] {
    const isOwner = this.#space.ownsLease(state, index);
    const found = new Map<Stance['process'], Stance>();
    const waiting: Stance[] = [{ process: state.processes[index] ?? null, labels: [] }];
    for (let stance = waiting.shift(); stance !== undefined; stance = waiting.shift()) {
      if (found.has(stance.process)) continue;
      found.set(stance.process, stance);
      const { label, state: after } = this.#moves.next(withProcess(state, index, stance.process), index);
      const process = after.processes[index] ?? null;
      // An owner that ends is seen by others, as one that dies is.
      if (isUnseen(state, after) && !(isOwner && process === null)) {
        waiting.push({ process, labels: [...stance.labels, label] });
      }
      if (!isOwner) waiting.push({ process: null, labels: [...stance.labels, death] });
    }
    return [...found.values()];
  }

  #keyOf(state: ProtocolState, index: number): string {
    const { id } = this.#space.asReadBy(state.log, index);
    return `${id} ${state.ecs.id} ${state.tick} ${state.processes[index]?.id}`;
  }
}

function isUnseen(before: ProtocolState, after: ProtocolState): boolean {
  return before.log === after.log && before.ecs === after.ecs;
}
