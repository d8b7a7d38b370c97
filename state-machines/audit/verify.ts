import type { DecidedEvent, RolloutOpened } from '../log/decided-events';
import { isDecided, type RewindEvent } from '../log/events';
import { defaultPolicy, type Policy } from '../log/policy';
import { reducerVersion } from '../log/reducer-version';
import type { ServiceState } from '../service/service-state';
import { eventsKnownTo } from './events-known-to';
import { FoldAsKnown } from './fold-as-known';
import { type FieldDifference, recompute } from './recompute';
import { type Known, type LoggedEvent, RecordedStream } from './recorded-stream';

/** What came of making a decision again. */
export type Verification =
  | { readonly result: 'confirmed'; readonly events: number }
  | { readonly result: 'differs'; readonly difference: FieldDifference }
  /** Another version of Rewind made it, or one that did not yet record what it was made from. */
  | { readonly result: 'unknown'; readonly because: string };

interface VerifiedDecision<Recorded extends LoggedEvent> {
  readonly decision: Recorded & LoggedEvent<DecidedEvent>;
  readonly verification: Verification;
}

/**
 * Makes every decision of a stream again, from exactly the events that were known when it was made,
 * in the order in which they were recorded. Pure. The work is that of folding each rollout once a
 * decision.
 */
export function* verifyDecisions<Recorded extends LoggedEvent>(
  events: readonly Recorded[],
): Generator<VerifiedDecision<Recorded>> {
  if (events.length === 0) return;
  const stream = new RecordedStream(events);
  const folding = new FoldAsKnown(stream);
  for (const one of stream.events) {
    if (!isDecision(one)) continue;
    const known = eventsKnownTo(one, stream);
    const state = known && folding.foldTo(known, policyOf(one.event, known, stream)).state;
    yield { decision: one, verification: verify(one, state) };
  }
}

function isDecision<Recorded extends LoggedEvent>(
  recorded: Recorded,
): recorded is Recorded & LoggedEvent<DecidedEvent> {
  return isDecided(recorded.event);
}

/** A null state: the events that the decision was made from are not in the log. */
function verify(decision: LoggedEvent<DecidedEvent>, state: ServiceState | null): Verification {
  const { madeWith } = decision.event;
  if (state === null) return { result: 'differs', difference: lostEvents(madeWith.eventsSeen) };
  const difference = recompute(state, decision);
  if (difference === null) return { result: 'confirmed', events: madeWith.eventsSeen };
  if (madeWith.reducerVersion !== reducerVersion) {
    const because = `it was made by reducer ${madeWith.reducerVersion}; this Rewind has ${reducerVersion}`;
    return { result: 'unknown', because };
  }
  if (madeWith.eventsFingerprint === undefined) {
    return { result: 'unknown', because: 'it does not say which events led to it' };
  }
  return { result: 'differs', difference };
}

function lostEvents(eventsSeen: number): FieldDifference {
  const recomputed = 'the log does not hold these events any more, or holds others';
  return { field: 'madeWith.eventsSeen', recorded: eventsSeen, recomputed };
}

/**
 * What rollouts are held to whose own opening is not among the events: as near as the log can tell.
 */
function policyOf(event: DecidedEvent, { first, others }: Known, { events }: RecordedStream): Policy {
  if (event.type === 'RolloutOpened') return event.policy;
  const isOpening = (one: RewindEvent): one is RolloutOpened => one.type === 'RolloutOpened';
  const newest = [...others].findLast(isOpening);
  if (newest !== undefined) return newest.policy;
  for (let index = first - 1; index >= 0; index -= 1) {
    const earlier = events[index]?.event;
    if (earlier?.type === 'RolloutOpened') return earlier.policy;
  }
  return defaultPolicy;
}
