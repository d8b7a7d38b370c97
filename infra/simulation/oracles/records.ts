import { translate } from '../../../services/notifications/translate';
import { alarmChangedFor } from '../../../services/notifications/translation';
import { verifyDecisions } from '../../../state-machines/audit/verify';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isSecondConclusion } from '../../../state-machines/log/events';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { positionOf } from '../../../state-machines/log/position';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { replay } from '../../../state-machines/replay/replay';
import { decisionsIn, type RunRecord } from '../world/run-record';
import { serviceArnOfRun } from '../world/simulated-account';
import type { Oracle } from './oracle';

/**
 * A rollout is judged once and concluded once; a pass may be revoked, once, and is followed by one
 * more conclusion.
 */
export const decidedOnce: Oracle = (record) => {
  const decisions = decisionsIn(record).map(({ event }) => event);
  const revoked = new Set(decisions.flatMap((event) => (isRevocation(event) ? rolloutKey(event) : [])));
  const counts = new Map<string, number>();
  for (const event of decisions.filter(({ type }) => decidedOnceTypes.has(type))) {
    const isAgain = event.type === 'RolloutConcluded' && revoked.has(rolloutKey(event));
    const key = `${event.type} of ${rolloutKey(event)}${isAgain ? ' (one of two)' : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + (isAgain ? 0.5 : 1));
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => `${key} is recorded ${count} times`);
};

const decidedOnceTypes: ReadonlySet<DecidedEvent['type']> = new Set([
  'VerdictReached',
  'PassRevoked',
  'RolloutConcluded',
] as const);

function isRevocation({ type }: DecidedEvent): boolean {
  return type === 'PassRevoked';
}

/** Whoever folds an export of the log finds what was decided while it was written. */
export const liveIsReplay: Oracle = (record) => {
  const { policies, endedAt, log } = record;
  const policy = policies.policyFor(service);
  const rollouts = replay(
    log.map(({ event }) => event),
    { policy, until: endedAt },
  );
  const byKey = new Map(rollouts.map((rollout) => [rolloutKey(rollout), rollout]));
  return decisionsIn(record).flatMap(({ event }) => {
    const again = byKey.get(rolloutKey(event));
    const revoked = again?.verdict?.revokes;
    const judgedBy = event.type === 'VerdictReached' ? (revoked ?? again?.verdict) : again?.verdict;
    const isVerdict = event.type === 'VerdictReached' || event.type === 'PassRevoked';
    if (isVerdict && judgedBy?.eventId !== event.verdict.eventId) {
      return [`a replay judges ${rolloutKey(event)} ${again?.verdict?.reason}, not ${event.verdict.reason}`];
    }
    const isFirstOfTwo = revoked !== undefined && !isSecondConclusion(event);
    if (event.type === 'RolloutConcluded' && !isFirstOfTwo && again?.outcome !== event.outcome) {
      return [`a replay ends ${rolloutKey(event)} as ${again?.outcome}, not ${event.outcome}`];
    }
    return [];
  });
};

/** `rewind audit --verify` exits with 0. */
export const auditConfirms: Oracle = ({ log }) =>
  [...verifyDecisions(log)].flatMap(({ decision, verification }) => {
    if (verification.result !== 'differs') return [];
    const { field, recorded, recomputed } = verification.difference;
    const texts = [recorded, recomputed].map((value) => JSON.stringify(value));
    return [`the audit finds ${decision.event.type} changed in ${field || 'all'}: ${texts.join(' is ')}`];
  });

/** What was taken off the queue stands in the log. */
export const nothingAcknowledgedIsLost: Oracle = (record) => {
  const kept = new Set(record.appends.map(({ recorded: { event } }) => String(positionOf(event))));
  const alarmsKept = new Set(
    record.appends.flatMap(({ recorded: { event } }) =>
      event.type === 'AlarmChanged' ? [`${event.alarmName}@${event.occurredAt}`] : [],
    ),
  );
  return record.acknowledged.flatMap(({ body, at }) => {
    const translation = translate(JSON.parse(body));
    if (translation.kind === 'event') {
      const position = positionOf(translation.event);
      return kept.has(position) ? [] : [`${translation.event.type} was acknowledged and is not in the log`];
    }
    if (translation.kind !== 'alarm') return [];
    const { alarmName, occurredAt, state } = alarmChangedFor(translation.alarm, service);
    if (!isWatched(record, alarmName, { occurredAt, at })) return [];
    if (alarmsKept.has(`${alarmName}@${occurredAt}`)) return [];
    return [`the alarm ${alarmName} went to ${state}, which was acknowledged and is not in the log`];
  });
};

const service = parseServiceArn(serviceArnOfRun);

/** So long after an alarm's change its stream is read at the latest, by the sweep. */
const readAgainSeconds = 150;

/**
 * Whether a rollout was under way by then, and not concluded when the notification was taken, nor
 * before the alarm's own stream was to be read once more: then the change decides nothing.
 */
function isWatched(
  record: RunRecord,
  alarm: string,
  { occurredAt, at }: { readonly occurredAt: Instant; readonly at: Instant },
): boolean {
  if (!record.policies.policyFor(service).alarms.includes(alarm)) return false;
  const rollout = record.rollouts.findLast(({ startedAt }) => startedAt <= occurredAt);
  if (rollout === undefined || rollout.startedAt < record.installedAt) return false;
  return !decisionsIn(record).some(
    ({ event, recordedAt }) =>
      event.type === 'RolloutConcluded' &&
      event.deployment === rollout.deployment &&
      event.startedAt >= rollout.startedAt - 60_000 &&
      recordedAt <= secondsAfter(at, readAgainSeconds),
  );
}
