import { type DecidedEvent, isDecided, type RewindEvent, type RolloutOpened } from './events';
import { contradicts, emptyFold, type Fold, foldOn, inOrder, startingPoint } from './fold';
import type { ServiceArn } from './identifiers';
import { inOrderLearnt, knownTo, type LearntEvent } from './known-events';
import { defaultPolicy, type Policy } from './policy';
import { comparePositions, type Position, positionOf } from './position';
import { type Difference, recompute } from './recompute';
import { reducerVersion } from './reducer-version';

/** What came of making a decision again. */
export type Finding =
  | { readonly result: 'confirmed'; readonly events: number }
  | { readonly result: 'differs'; readonly difference: Difference }
  /** Another version of Rewind made it, or one that did not yet record what it was made from. */
  | { readonly result: 'unknown'; readonly because: string };

export interface Verified<Learnt extends LearntEvent> {
  readonly learnt: Learnt & LearntEvent<DecidedEvent>;
  readonly finding: Finding;
}

/**
 * Makes every decision of a stream again, from exactly the events that were known when it was made, in the order in which they were
 * recorded. Pure. The work is that of folding each rollout once a decision, and of one look at every event.
 */
export function* verifyDecisions<Learnt extends LearntEvent>(
  stream: readonly Learnt[],
): Generator<Verified<Learnt>> {
  const learnt = inOrderLearnt(stream);
  const [first] = learnt;
  if (first === undefined) return;
  const folding = new KnownFold(first.event.service);
  for (const one of learnt) {
    if (!isDecision(one)) continue;
    yield { learnt: one, finding: findingOn(one, knownTo(one, learnt), folding) };
  }
}

function isDecision<Learnt extends LearntEvent>(
  learnt: Learnt,
): learnt is Learnt & LearntEvent<DecidedEvent> {
  return isDecided(learnt.event);
}

function findingOn(
  decision: LearntEvent<DecidedEvent>,
  known: readonly RewindEvent[] | null,
  folding: KnownFold,
): Finding {
  const { madeWith } = decision.event;
  if (known === null) return { result: 'differs', difference: lostEvents(madeWith.eventsSeen) };
  const { state } = folding.foldTo(known, policyOf(decision.event, known));
  const difference = recompute(state, decision);
  if (difference === null) return { result: 'confirmed', events: known.length };
  if (madeWith.reducerVersion !== reducerVersion) {
    const because = `it was made by reducer ${madeWith.reducerVersion}; this Rewind has ${reducerVersion}`;
    return { result: 'unknown', because };
  }
  if (madeWith.eventsFingerprint === undefined) {
    return { result: 'unknown', because: 'it does not say which events led to it' };
  }
  return { result: 'differs', difference };
}

function lostEvents(eventsSeen: number): Difference {
  const recomputed = 'the log does not hold these events any more, or holds others';
  return { field: 'madeWith.eventsSeen', recorded: eventsSeen, recomputed };
}

/** What rollouts are held to whose own opening is not among the events: as near as the log can tell. */
function policyOf(event: DecidedEvent, known: readonly RewindEvent[]): Policy {
  if (event.type === 'RolloutOpened') return event.policy;
  const opening = known.findLast((one): one is RolloutOpened => one.type === 'RolloutOpened');
  return opening?.policy ?? defaultPolicy;
}

/** A fold that is brought from one set of events to another, from the last quiet point before where they differ. */
export class KnownFold {
  #fold: Fold;
  #known = new Map<Position, RewindEvent>();

  constructor(service: ServiceArn) {
    this.#fold = emptyFold(service);
  }

  foldTo(events: readonly RewindEvent[], policy: Policy): Fold {
    const known = new Map(events.map((event) => [positionOf(event), event]));
    const from = startingPoint(this.#fold, firstChange(this.#known, known));
    const behind = eventsBehind(known, from);
    this.#fold = contradicts(behind, from)
      ? foldOn(emptyFold(this.#fold.state.service), inOrder(events), policy)
      : foldOn(from, behind, policy);
    this.#known = known;
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
