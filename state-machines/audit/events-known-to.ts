import type { DecidedEvent } from '../log/decided-events';
import { isDecided, type RewindEvent } from '../log/events';
import { eventFingerprintOf, sumOf } from '../log/fingerprint';
import { comparePositions, positionOf } from '../log/position';
import type { Known, LoggedEvent, RecordedStream } from './recorded-stream';

/**
 * How far from the last event seen, in the order of learning, one may be that was written later
 * than it says, or folded later than written; by how many events are exchanged for it. Wider, and
 * some other set would have the same fingerprint by chance.
 */
const disorderAtMost = [0, 128, 32, 16, 12];

/**
 * What was learnt so many events before the last one seen was seen too; what was learnt so many
 * behind it was not.
 */
const margin = 256;

/** Why nobody can say which events a decision was made from. */
export type UnknownEvents =
  /** Some of them are not in the log any more. */
  | { readonly kind: 'lost' }
  /**
   * Too many of them were learnt far out of order, or one of them is another now. Had one been
   * taken out, `missing` would be its fingerprint; so many reports had been seen.
   */
  | { readonly kind: 'notFound'; readonly missing: number; readonly reports: number };

/** Whether the search for a decision's events came to nothing. */
export function isUnknown(found: Known | UnknownEvents): found is UnknownEvents {
  return 'kind' in found;
}

/**
 * The events that a decision was made from. Of the others' decisions the chain tells; of what was
 * observed, `recordedAt` tells nearly, and the decision's own fingerprint exactly. Pure.
 */
export function eventsKnownTo(
  decision: LoggedEvent<DecidedEvent>,
  stream: RecordedStream,
): Known | UnknownEvents {
  const { eventsSeen, eventsFingerprint } = decision.event.madeWith;
  const index = stream.indexOf(decision.event);
  if (eventsFingerprint === undefined) return { first: index, others: new Set() };
  const first = Math.max(0, Math.min(index, eventsSeen - margin));
  const near = stream.events.slice(first, eventsSeen + margin);
  const { decisions, reports } = recordedBefore(decision, near);
  const count = eventsSeen - first - decisions.length;
  if (count < 0 || count > reports.length) return { kind: 'lost' };
  const seen = [...reports.slice(0, count), ...decisions];
  const missing = sumOf(eventsFingerprint, -sumOf(stream.fingerprintOfFirst(first), fingerprintOfAll(seen)));
  const exchange = exchangeThatAdds(missing, newestFirst(seen, near), reports.slice(count));
  if (exchange === null) {
    if (namesLostDecision(decision.event, stream)) return { kind: 'lost' };
    const last = reports[count - 1];
    const withoutLast = last === undefined ? missing : sumOf(missing, eventFingerprintOf(last));
    return { kind: 'notFound', missing: withoutLast, reports: first + count };
  }
  const others = seen.filter((event) => !exchange.out.includes(event));
  return { first, others: new Set([...others, ...exchange.in]) };
}

function recordedBefore(decision: LoggedEvent<DecidedEvent>, events: readonly LoggedEvent[]) {
  const ancestors = ancestorsOf(decision.event, events);
  const decisions: DecidedEvent[] = [];
  const reports: RewindEvent[] = [];
  for (const one of events) {
    const { event, recordedAt } = one;
    if (!isDecided(event)) reports.push(event);
    else if (event.digest === undefined ? isEarlier(one, decision) : ancestors.has(event.digest))
      decisions.push(event);
    else if (decision.event.madeWith.after === undefined && recordedAt < decision.recordedAt)
      decisions.push(event);
  }
  return { decisions, reports };
}

/** Whether the chain tells of a decision that stands nowhere, however far back. */
function namesLostDecision({ madeWith }: DecidedEvent, { digests }: RecordedStream): boolean {
  return madeWith.after?.some((digest) => !digests.has(digest)) === true;
}

/** For decisions of before there were digests: what was recorded first was known. */
function isEarlier({ event, recordedAt }: LoggedEvent, decision: LoggedEvent): boolean {
  if (event.id === decision.event.id && event.occurredAt === decision.event.occurredAt) return false;
  if (recordedAt !== decision.recordedAt) return recordedAt < decision.recordedAt;
  return comparePositions(positionOf(event), positionOf(decision.event)) < 0;
}

/**
 * The digests of the decisions that this one follows. One that names an end of what it had folded
 * is not among them, though a later one may name it: a decision filed far back is told to a
 * reconciler by its own wake-up, and that may come last.
 */
function ancestorsOf(decision: DecidedEvent, events: readonly LoggedEvent[]): ReadonlySet<string> {
  const ends = decision.madeWith.after ?? [];
  const namedBy = new Map<string, readonly string[]>();
  for (const { event } of events) {
    if (isDecided(event) && event.digest !== undefined) namedBy.set(event.digest, event.madeWith.after ?? []);
  }
  const followed = new Set<string>();
  const open = [...ends];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (followed.has(digest)) continue;
    followed.add(digest);
    open.push(...(namedBy.get(digest) ?? []));
  }
  const isFolded = (digest: string) => !namedBy.get(digest)?.some((named) => ends.includes(named));
  return new Set([...followed].filter(isFolded));
}

/** The last of the events, in the order of learning, as far back as any exchange goes. */
function newestFirst(events: readonly RewindEvent[], recorded: readonly LoggedEvent[]): RewindEvent[] {
  const isAmong = new Set(events);
  const newest: RewindEvent[] = [];
  for (
    let index = recorded.length - 1;
    index >= 0 && newest.length < Math.max(...disorderAtMost);
    index -= 1
  ) {
    const event = recorded[index]?.event;
    if (event !== undefined && isAmong.has(event)) newest.push(event);
  }
  return newest;
}

interface Exchange {
  readonly out: readonly RewindEvent[];
  readonly in: readonly RewindEvent[];
}

/**
 * None, one or two events for as many others, so that the fingerprint of the set grows by so much;
 * null when there are none.
 */
function exchangeThatAdds(
  missing: number,
  seen: readonly RewindEvent[],
  unseen: readonly RewindEvent[],
): Exchange | null {
  for (const [size, disorder] of disorderAtMost.entries()) {
    const bySum = new Map(choices(seen.slice(0, disorder), size).map((out) => [fingerprintOfAll(out), out]));
    for (const candidate of choices(unseen.slice(0, disorder), size)) {
      const out = bySum.get(sumOf(fingerprintOfAll(candidate), -missing));
      if (out !== undefined) return { out, in: candidate };
    }
  }
  return null;
}

function choices(events: readonly RewindEvent[], size: number): RewindEvent[][] {
  if (size === 0) return [[]];
  return events.flatMap((event, index) =>
    choices(events.slice(index + 1), size - 1).map((others) => [event, ...others]),
  );
}

function fingerprintOfAll(events: readonly RewindEvent[]): number {
  return events.reduce((sum, event) => sumOf(sum, eventFingerprintOf(event)), 0);
}
