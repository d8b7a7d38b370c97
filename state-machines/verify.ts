import { type DecidedEvent, isDecided, type RewindEvent, type RolloutOpened } from './events';
import { inOrderLearnt, knownTo, type LearntEvent } from './known-events';
import { KnownFold } from './known-fold';
import { defaultPolicy, type Policy } from './policy';
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
