import type { RewindEvent } from './events';
import { contradicts, emptyFold, type Fold, foldOn, inOrder, startingPoint } from './fold';
import type { ServiceArn } from './identifiers';
import type { Policy } from './policy';
import { comparePositions, type Position, positionOf } from './position';

/** A fold that is brought from one set of events to another, from the last quiet point before where they differ. */
export class KnownFold {
  #fold: Fold;
  #known = new Map<Position, RewindEvent>();

  constructor(service: ServiceArn) {
    this.#fold = emptyFold(service);
  }

  /** The fold of exactly these events. */
  foldTo(events: readonly RewindEvent[], policy: Policy): Fold {
    const known = new Map(events.map((event) => [positionOf(event), event]));
    const changed = firstChange(this.#known, known);
    this.#known = known;
    return this.#foldFrom(startingPoint(this.#fold, changed), policy);
  }

  /** The fold of one event more: of that event alone where it stands behind all others. */
  learn(event: RewindEvent, policy: Policy): Fold {
    const position = positionOf(event);
    this.#known.set(position, event);
    const { position: last } = this.#fold;
    if (last !== null && position > last && !contradicts([event], this.#fold)) {
      this.#fold = foldOn(this.#fold, [event], policy);
      return this.#fold;
    }
    return this.#foldFrom(startingPoint(this.#fold, position), policy);
  }

  #foldFrom(from: Fold, policy: Policy): Fold {
    const behind = eventsBehind(this.#known, from);
    this.#fold = contradicts(behind, from)
      ? foldOn(emptyFold(from.state.service), inOrder(this.#known.values()), policy)
      : foldOn(from, behind, policy);
    return this.#fold;
  }
}

type Known = ReadonlyMap<Position, RewindEvent>;

/** The first position at which the sets differ; null when they do not. */
function firstChange(before: Known, after: Known): Position | null {
  const changed = [
    ...[...after.keys()].filter((position) => !before.has(position)),
    ...[...before.keys()].filter((position) => !after.has(position)),
  ];
  return changed.length === 0 ? null : changed.reduce((a, b) => (a < b ? a : b));
}

function eventsBehind(known: Known, { position }: Fold): RewindEvent[] {
  return [...known]
    .filter(([other]) => position === null || other > position)
    .sort(([a], [b]) => comparePositions(a, b))
    .map(([, event]) => event);
}
