import { translate } from '../../../services/notifications/translate';
import { alarmChangedFor } from '../../../services/notifications/translation';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isDecided, isSecondConclusion, type RewindEvent } from '../../../state-machines/log/events';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { positionOf } from '../../../state-machines/log/position';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { isTrouble, type Trouble, type TroubleItem } from '../world/plan-items';
import { decisionsIn, type RunRecord } from '../world/run-record';
import { serviceArnOfRun } from '../world/simulated-account';
import type { Oracle } from './oracle';

const service = parseServiceArn(serviceArnOfRun);
/** Five sweeps, and a retry or two. */
const patienceSeconds = 900;

/** Nobody asks again and again for what is there already and changes nothing. */
export const nothingIsRetriedInVain: Oracle = ({ appends }) => {
  const recent = new Map<string, Instant[]>();
  const faults = new Set<string>();
  for (const { recorded, answer } of appends) {
    if (answer !== 'duplicate' || !isDecided(recorded.event)) continue;
    const position = positionOf(recorded.event);
    const since = recorded.recordedAt - 60_000;
    const times = [...(recent.get(position) ?? []).filter((at) => at > since), recorded.recordedAt];
    recent.set(position, times);
    if (times.length > duplicatesAMinute) faults.add(`${recorded.event.type} is appended again and again`);
  }
  return [...faults];
};

const duplicatesAMinute = 6;

/** A failed verdict is told within minutes of being recorded. */
export const everyFailureIsTold: Oracle = (record) => {
  const told = new Map(record.announcements.map(({ detail, at }) => [String(detail.id), at]));
  const patience = patienceSeconds + secondsOut(record, ['bus', 'announcer', 'log']);
  const mayBeGivenUp = troubles(record).some(
    ({ trouble }) =>
      trouble === 'outage' ||
      trouble === 'errors' ||
      trouble === 'deaths' ||
      trouble === 'stalls' ||
      trouble === 'hesitations',
  );
  return decisionsIn(record).flatMap(({ event, recordedAt }) => {
    const isVerdict = event.type === 'VerdictReached' || event.type === 'PassRevoked';
    if (!isVerdict || event.verdict.result !== 'failed') return [];
    const at = told.get(`${event.service}#${positionOf(event)}`);
    if (at === undefined) return mayBeGivenUp ? [] : [`nobody was told that ${rolloutKey(event)} failed`];
    const isLate = at > secondsAfter(recordedAt, patience) && !mayBeGivenUp;
    return isLate ? [`people heard ${(at - recordedAt) / 1000} s late that ${rolloutKey(event)} failed`] : [];
  });
};

/**
 * What the log's own facts fail is judged within minutes, whether ECS can be asked or not: from
 * when on those that stand there are enough for it.
 */
export const everyFailureIsJudged: Oracle = (record) => {
  const patience = patienceSeconds + secondsOut(record, ['reconciler', 'log']);
  const isOpenSince = (rollout: Rollout, known: Instant) => {
    const due = secondsAfter(known, patience);
    return isCurrentUntil(record, rollout, due) && !isSettledBy(record, rollout, due);
  };
  const learntAt = new Map(record.log.map(({ event, recordedAt }) => [event.id, recordedAt]));
  return failedByFacts(record, record.endedAt).flatMap((rollout) => {
    const tippedAt = learntAt.get(rollout.verdict?.eventId ?? rollout.startedBy) ?? record.endedAt;
    if (!isOpenSince(rollout, tippedAt)) return [];
    // Its start, or what its service's past is learnt from, may be told after what tips it.
    const knownAt = failedByThen(record, rollout, tippedAt);
    if (!isOpenSince(rollout, knownAt)) return [];
    return [`${rolloutKey(rollout)} had failed by ${formatInstant(knownAt)}, and nobody said so in time`];
  });
};

/** The rollouts that fail by what the log's facts alone show, of those recorded by an instant. */
function failedByFacts({ log, policies, endedAt }: RunRecord, by: Instant): Rollout[] {
  const facts = log.filter(({ event, recordedAt }) => !isDecided(event) && recordedAt <= by);
  const events = facts.map(({ event }) => event);
  return replay(events, { policy: policies.policyFor(service), until: endedAt }).filter(
    ({ verdict }) => verdict?.reason === 'TaskFailures',
  );
}

/** The first instant, from one on, by which the facts that stand in the log fail the rollout. */
function failedByThen(record: RunRecord, { deployment }: Rollout, from: Instant): Instant {
  const later = record.log.map(({ recordedAt }) => recordedAt).filter((at) => at > from);
  const instants = [from, ...later.sort((a, b) => a - b)];
  const isFailed = (at: Instant) =>
    failedByFacts(record, at).some(
      (one) => one.deployment === deployment && one.verdict !== null && one.verdict.at <= at,
    );
  return instants.find(isFailed) ?? record.endedAt;
}

/**
 * In the end nothing is open: neither what Rewind took up, nor what ECS did last. Time alone is no
 * failure: what ECS has not ended and people were told of is watched on, and that is no fault.
 */
export const nothingIsLeftOpen: Oracle = (record) => {
  const { rollouts, installedAt, snapshot } = record;
  const revoked = keysOf(record, 'PassRevoked');
  // What ends a rollout that had passed is its second conclusion.
  const secondEnds = keysOf(record, 'RolloutConcluded', isSecondConclusion);
  const ended = [...keysOf(record, 'RolloutConcluded')];
  const concluded = new Set(ended.filter((key) => !revoked.has(key) || secondEnds.has(key)));
  const told = isUnended(record) ? keysOf(record, 'DeadlineElapsed') : new Set<string>();
  const open = [...keysOf(record, 'RolloutOpened')].filter((key) => !concluded.has(key));
  const forgotten = open.filter((key) => !told.has(key));
  const last = rollouts.at(-1);
  const isKnown = [...concluded, ...told].some((key) => key.startsWith(`${last?.deployment}@`));
  const isUnseen = last !== undefined && last.startedAt >= installedAt && !isKnown;
  const isWaiting = snapshot?.nextWakeAt != null && open.length === forgotten.length;
  return [
    ...forgotten.map((key) => `${key} was opened and never concluded`),
    ...(isUnseen ? [`${last.deployment}, the last that ECS deployed, was never concluded`] : []),
    ...(isWaiting ? ['the service still waits to be woken'] : []),
  ];
};

function keysOf(
  record: RunRecord,
  type: DecidedEvent['type'],
  isMeant: (event: DecidedEvent) => boolean = () => true,
): ReadonlySet<string> {
  const events = decisionsIn(record).map(({ event }) => event);
  return new Set(events.filter((event) => event.type === type && isMeant(event)).map(rolloutKey));
}

/** Whether ECS still works on what was deployed last. */
function isUnended({ emitted, rollouts }: RunRecord): boolean {
  const last = rollouts.at(-1);
  const told = emitted.findLast(({ detail }) => detail.deploymentId === last?.deployment);
  return told?.detail.eventName === 'SERVICE_DEPLOYMENT_IN_PROGRESS';
}

/** Where every notification is lost, what ECS itself shows gives the same verdict. */
export const lossChangesNoVerdict: Oracle = (record) => {
  const isDeaf = troubles(record).some((item) => item.trouble === 'losses' && item.rate === 1);
  if (!isDeaf) return [];
  const { emitted, policies, endedAt, installedAt } = record;
  const policy = policies.policyFor(service);
  const events = emitted.flatMap((notification): RewindEvent[] => {
    const translation = translate(notification);
    if (translation.kind === 'event') return [translation.event];
    const isWatched = translation.kind === 'alarm' && policy.alarms.includes(translation.alarm.alarmName);
    return isWatched ? [alarmChangedFor(translation.alarm, service)] : [];
  });
  const patience = 2 * patienceSeconds + secondsOut(record, ['reconciler', 'log', 'ecs', 'alarms']);
  return replay(events, { policy, until: endedAt }).flatMap((told) => {
    if (told.verdict === null || told.startedAt < installedAt) return [];
    // ECS is asked at the end of a bake. What a probation shows, notifications tell.
    const first =
      told.verdict.revokes === undefined ? told.verdict : { ...told.verdict.revokes, result: 'passed' };
    const due = secondsAfter(first.at, patience);
    if (!isCurrentUntil(record, told, due)) return [];
    const live = decisionsIn(record).find(
      ({ event }) => event.type === 'VerdictReached' && event.deployment === told.deployment,
    );
    const verdict = live?.event.type === 'VerdictReached' ? live.event.verdict : null;
    const result = verdict?.result ?? 'nothing';
    // What was learnt only after the bake may speak against what had passed by then.
    const isLater = verdict !== null && verdict.at > first.at;
    if (result === first.result || isLater) return [];
    return [`told of all, ${told.deployment} is ${first.result}; told of nothing, ${result}`];
  });
};

function troubles({ plan }: RunRecord): TroubleItem[] {
  return plan.items.filter((item): item is TroubleItem & { readonly number: number } => isTrouble(item));
}

type OutPlace = Extract<Trouble, { trouble: 'outage' }>['place'];

function secondsOut(record: RunRecord, places: readonly OutPlace[]): number {
  return troubles(record)
    .filter((item) => item.trouble === 'outage' && places.includes(item.place))
    .reduce((sum, { lastsSeconds }) => sum + lastsSeconds, 0);
}

function isCurrentUntil({ rollouts, endedAt }: RunRecord, { startedAt }: Rollout, until: Instant): boolean {
  const next = rollouts.find((rollout) => rollout.startedAt > startedAt + 1000);
  return (next?.startedAt ?? endedAt) >= until;
}

function isSettledBy(record: RunRecord, { deployment, verdict }: Rollout, by: Instant): boolean {
  const isRevoked = verdict?.revokes !== undefined;
  return decisionsIn(record).some(
    ({ event, recordedAt }) =>
      event.deployment === deployment && isEndOfJudging(event, isRevoked) && recordedAt <= by,
  );
}

/**
 * Where a bake lasted longer than it should have, what revokes a pass is the first verdict; and
 * what did not pass, since an alarm could not be read, has no pass to be revoked.
 */
function isEndOfJudging(event: DecidedEvent, isRevoked: boolean): boolean {
  if (isRevoked) {
    const isVerdict = event.type === 'PassRevoked' || event.type === 'VerdictReached';
    return isVerdict && event.verdict.result !== 'passed';
  }
  return event.type === 'VerdictReached' || event.type === 'RolloutConcluded';
}
