import type { DecidedEvent, RolloutOpened } from '../log/decided-events';
import { isDecided, type RewindEvent } from '../log/events';
import { defaultPolicy, type Policy, wholePolicy } from '../log/policy';
import { reducerVersion } from '../log/reducer-version';
import type { ServiceState } from '../service/service-state';
import { eventsKnownTo, isUnknown, type UnknownEvents } from './events-known-to';
import { FoldAsKnown } from './fold-as-known';
import { type FieldDifference, recompute } from './recompute';
import { type Known, type LoggedEvent, RecordedStream } from './recorded-stream';

/** What came of making a decision again. */
export type Verification =
  | { readonly result: 'confirmed'; readonly events: number }
  | { readonly result: 'differs'; readonly difference: FieldDifference }
  /** Another version of Rewind made it, or one that did not yet record what it was made from. */
  | { readonly result: 'unknown'; readonly because: string }
  /** Nobody can say which events it was made from: that speaks neither for it nor against it. */
  | { readonly result: 'undecidable'; readonly because: string };

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
  const unknown = decisionsOfUnknown(stream);
  const policyOf = policiesIn(stream);
  for (const one of stream.events) {
    if (!isDecision(one)) continue;
    const known = unknown.get(one.event) ?? eventsKnownTo(one, stream);
    const verification = isUnknown(known)
      ? withoutEvents(one.event, known, unknown)
      : verify(one, folding.foldTo(known, policyOf(one.event) ?? nearestPolicy(known, stream)).state);
    yield { decision: one, verification };
  }
}

type DecisionsOfUnknown = ReadonlyMap<DecidedEvent, UnknownEvents>;

/** The decisions of which the events are not found. */
function decisionsOfUnknown(stream: RecordedStream): DecisionsOfUnknown {
  const unknown = new Map<DecidedEvent, UnknownEvents>();
  for (const one of stream.events) {
    const known = isDecision(one) ? eventsKnownTo(one, stream) : null;
    if (isDecision(one) && known !== null && isUnknown(known)) unknown.set(one.event, known);
  }
  return unknown;
}

/**
 * One and the same event that is missing to decisions made at different times was taken out. What
 * is missing to one alone was learnt out of order, by more than the search takes account of.
 */
function withoutEvents(
  { madeWith }: DecidedEvent,
  found: UnknownEvents,
  unknown: DecisionsOfUnknown,
): Verification {
  const isSameLoss = (other: UnknownEvents) =>
    found.kind === 'notFound' &&
    other.kind === 'notFound' &&
    other.missing === found.missing &&
    other.reports !== found.reports;
  const isLost = found.kind === 'lost' || [...unknown.values()].some(isSameLoss);
  if (isLost) return { result: 'differs', difference: lostEvents(madeWith.eventsSeen) };
  const because = `the ${madeWith.eventsSeen} events that it was made from cannot be told from others learnt about then`;
  return { result: 'undecidable', because };
}

function isDecision<Recorded extends LoggedEvent>(
  recorded: Recorded,
): recorded is Recorded & LoggedEvent<DecidedEvent> {
  return isDecided(recorded.event);
}

function verify(decision: LoggedEvent<DecidedEvent>, state: ServiceState): Verification {
  const { madeWith } = decision.event;
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
 * The policy that a decision was made with, though its rollout may not have been opened yet; null
 * where no opening of the stream, whenever it was recorded, says which that was.
 */
function policiesIn({ events }: RecordedStream): (event: DecidedEvent) => Policy | null {
  const openings = events.map(({ event }) => event).filter(isOpening);
  const byVersion = new Map(openings.map((one) => [one.madeWith.policyVersion, wholePolicy(one.policy)]));
  return (event) =>
    event.type === 'RolloutOpened'
      ? wholePolicy(event.policy)
      : (byVersion.get(event.madeWith.policyVersion) ?? null);
}

/**
 * What rollouts are held to whose own opening is not among the events: as near as the log can tell.
 */
function nearestPolicy({ first, others }: Known, { events }: RecordedStream): Policy {
  const newest = [...others].findLast(isOpening);
  if (newest !== undefined) return wholePolicy(newest.policy);
  for (let index = first - 1; index >= 0; index -= 1) {
    const earlier = events[index]?.event;
    if (earlier?.type === 'RolloutOpened') return wholePolicy(earlier.policy);
  }
  return defaultPolicy;
}

function isOpening(event: RewindEvent): event is RolloutOpened {
  return event.type === 'RolloutOpened';
}
