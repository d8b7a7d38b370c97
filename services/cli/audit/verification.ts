import {
  type Verification as DecisionVerification,
  verifyDecisions,
} from '../../../state-machines/audit/verify';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isDecided, logKeyOf } from '../../../state-machines/log/events';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { positionOf } from '../../../state-machines/log/position';
import type { AuditedEvent, AuditedStream } from './audited-stream';

/** What was found out about one decision. */
export interface AuditedDecision {
  readonly position: string;
  readonly type: DecidedEvent['type'] | null;
  readonly result: DecisionVerification['result'];
  /** How many events it was made from; null unless it is confirmed. */
  readonly events: number | null;
  /** Why it is not confirmed; null when it is. */
  readonly because: string | null;
}

const results = ['confirmed', 'differs', 'unknown', 'undecidable'] as const satisfies readonly Result[];
type Result = AuditedDecision['result'];

/** How many decisions came to which result, all results named. */
export function countResults(decisions: readonly AuditedDecision[]): { readonly [result in Result]: number } {
  const counts = results.map((result) => [result, decisions.filter((one) => one.result === result).length]);
  return Object.fromEntries(counts) as { readonly [result in Result]: number };
}

export interface StreamVerification {
  readonly service: ServiceArn;
  readonly decisions: readonly AuditedDecision[];
  /** Decisions of before there were digests. */
  readonly unchained: number;
}

/** Digests that were kept outside the log, by the position of their decisions. */
export type AnnouncedDigests = ReadonlyMap<string, string>;

/**
 * Makes every decision of a stream again, follows the chain of their digests, and holds them to
 * what was announced. Pure.
 */
export function verifyStream(
  { service, events, unreadable }: AuditedStream,
  announced: AnnouncedDigests = new Map(),
): StreamVerification {
  const digests = new Set(events.flatMap(({ event }) => (isDecided(event) ? (event.digest ?? []) : [])));
  const verified = [...verifyDecisions(events)].map(({ decision, verification }) =>
    verifiedOf(decision, tamperingWith(decision, digests), verification),
  );
  const damaged = [
    ...unreadable.map((position) => damage(position, 'it cannot be read any more')),
    ...events
      .filter(({ event, isAsWritten: isWhole }) => !isDecided(event) && !isWhole)
      .map(({ event }) => damage(logKeyOf(event), `it was a decision, and is now "${event.type}"`)),
    ...otherThanAnnounced(events, announced),
  ];
  const unchained = events.filter(({ event }) => isDecided(event) && event.digest === undefined).length;
  return { service, decisions: [...damaged, ...verified], unchained };
}

/**
 * A log that was rewritten as a whole agrees with itself, and not with what was told of it before.
 */
function otherThanAnnounced(events: readonly AuditedEvent[], announced: AnnouncedDigests): AuditedDecision[] {
  const held = new Map(
    events.map(({ event }) => [String(positionOf(event)), isDecided(event) ? event.digest : undefined]),
  );
  return [...announced].flatMap(([position, digest]) => {
    if (held.get(position) === digest) return [];
    const now = held.has(position) ? `is ${held.get(position)} now` : 'is not in the log';
    return [damage(position, `it was announced as ${digest}, and ${now}`)];
  });
}

/** Not even the kind of a decision is left. */
function damage(position: string, because: string): AuditedDecision {
  return { position, type: null, result: 'differs', events: null, because };
}

function verifiedOf(
  { event }: { readonly event: DecidedEvent },
  change: string | null,
  verification: DecisionVerification,
): AuditedDecision {
  const common = { position: logKeyOf(event), type: event.type };
  if (change !== null) return { ...common, result: 'differs', events: null, because: change };
  if (verification.result === 'confirmed') return { ...common, ...verification, because: null };
  const because = verification.result === 'differs' ? describeDifference(verification) : verification.because;
  return { ...common, result: verification.result, events: null, because };
}

/**
 * How the log shows, without making anything again, that a decision or one before it was changed;
 * null when it does not.
 */
function tamperingWith({ event, isAsWritten }: AuditedEvent, digests: ReadonlySet<string>): string | null {
  if (!isDecided(event)) return null;
  if (!isAsWritten) return 'it was changed after it had been written: its digest is another';
  const lost = event.madeWith.after?.find((digest) => !digests.has(digest));
  if (lost !== undefined) return `the decision before it (${lost}) is not in the log, or was changed`;
  const isUnchained = event.digest === undefined && event.madeWith.after !== undefined;
  return isUnchained ? 'its digest was taken out' : null;
}

function describeDifference({ difference }: Extract<DecisionVerification, { result: 'differs' }>): string {
  const { field, recorded, recomputed } = difference;
  const what = field === '' ? '' : `${field}: `;
  return `${what}recorded ${said(recorded)}, made again ${said(recomputed)}`;
}

function said(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
