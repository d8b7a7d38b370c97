import { type Instant, secondsAfter } from '../log/instant';
import type { AlarmChanged, AlarmHistory } from '../log/observed-events';
import { raisesKept, weekSeconds } from '../rollout/alarms/alarm-past';
import { type LiveRollout, lacksOpening } from '../rollout/live-rollout';
import type { Decision } from './decision';
import type { AlarmChangesSeen, AlarmQuestion, LearntFact, Situation } from './situation';

/** A rollout, and the alarms of its policy, by name or ARN. */
interface AlarmsOfRollout {
  readonly live: LiveRollout;
  readonly names: readonly string[];
}

/**
 * Decides on a rollout once the log of its service holds what the alarms have told since its start.
 * Whoever asks which services watch an alarm may miss one whose opening is not recorded yet: the
 * alarm's own stream has the change all the same
 * (docs/decisions/0035-an-alarm-has-a-stream-of-its-own.md).
 */
export function withAlarmChanges<Otherwise extends Decision | null>(
  { seen }: Situation,
  { live, names }: AlarmsOfRollout,
  decideOn: () => Otherwise,
): Decision | Otherwise {
  if (names.length === 0) return decideOn();
  const question = { names, startedAt: live.context.startedAt, withHistory: lacksOpening(live) };
  const answer = answerTo(seen.alarmChanges, question);
  if (answer === undefined) return { action: 'look', at: 'alarmChanges', question };
  const missing = answer.missing.filter(({ event }) => !seen.appended.has(event.id));
  if (missing.length === 0) return decideOn();
  const because = `alarms have told ${missing.length} changes that the service's log does not hold`;
  return { action: 'appendFacts', facts: missing, because };
}

/** What the alarms did before the rollout, as its opening records it. */
export function historyOfAlarms(
  { seen }: Situation,
  { live, names }: AlarmsOfRollout,
): { readonly alarmHistory?: readonly AlarmHistory[] } {
  const { startedAt } = live.context;
  const question = { names, startedAt, withHistory: true };
  const alarmHistory = answerTo(seen.alarmChanges, question)?.history ?? [];
  return alarmHistory.length === 0 ? {} : { alarmHistory };
}

function answerTo(
  answers: readonly AlarmChangesSeen[],
  { names, startedAt, withHistory }: AlarmQuestion,
): AlarmChangesSeen | undefined {
  const isAsked = ({ question }: AlarmChangesSeen) =>
    question.startedAt === startedAt &&
    (question.withHistory || !withHistory) &&
    names.every((name) => question.names.includes(name));
  return answers.find(isAsked);
}

/** A change that an alarm's own stream holds. */
export interface KeptAlarmChange extends LearntFact {
  readonly event: AlarmChanged;
  /** Whether the log of the service holds it as well. */
  readonly isKnown: boolean;
}

/** From when on the changes of an alarm answer the question. */
export function alarmsConcernFrom({ startedAt, withHistory }: AlarmQuestion): Instant {
  return withHistory ? secondsAfter(startedAt, -weekSeconds) : startedAt;
}

/**
 * How long after the service began to watch an alarm whoever asks for watchers may not find it: the
 * index that they ask follows the table within seconds.
 */
const showingSeconds = 10;
/** So long after it the service is woken to read the alarm's stream, if nothing else wakes it. */
const wakingSeconds = 60;

type WatchedNow = Pick<Situation, 'watchesSince' | 'now'>;

/** Whether the streams of the alarms that are watched are to be read once more. */
export function isTimeToReadAlarms({ watchesSince, now }: WatchedNow): boolean {
  return watchesSince !== null && secondsAfter(watchesSince, showingSeconds) <= now;
}

/** When a service is woken at the latest that began to watch alarms at an instant. */
export function wakeToReadAlarmsAt(watchesSince: Instant, wanted: Instant | null): Instant {
  const latest = secondsAfter(watchesSince, wakingSeconds);
  return wanted !== null && wanted < latest ? wanted : latest;
}

/**
 * Decides on a rollout once its alarms' streams were read behind the snapshot that says who watches
 * them: what was told between the look before the opening and that snapshot is found so.
 */
export function withAlarmsOnceMore(
  situation: Situation,
  live: LiveRollout,
  decideOn: () => Decision,
): Decision {
  const { watchesSince } = situation;
  const { alarms: names } = live.context.policy;
  if (watchesSince === null || names.length === 0) return decideOn();
  if (isTimeToReadAlarms(situation)) return withAlarmChanges(situation, { live, names }, decideOn);
  const decision = decideOn();
  if (decision.action !== 'wait') return decision;
  return { ...decision, until: wakeToReadAlarmsAt(watchesSince, decision.until) };
}

/** What the changes of some alarms, in order, tell of a rollout. Pure. */
export function alarmChangesSeen(
  question: AlarmQuestion,
  changes: readonly KeptAlarmChange[],
): AlarmChangesSeen {
  const isBefore = ({ event }: KeptAlarmChange) => event.occurredAt < question.startedAt;
  const missing = changes.filter((change) => !isBefore(change) && !change.isKnown);
  const before = changes.filter(isBefore);
  const alarms = new Set(before.map(({ event }) => event.alarmName));
  return {
    question,
    missing: missing.map(({ event, notification }) => ({ event, notification })),
    history: [...alarms].map((alarm) =>
      historyOf(
        alarm,
        before.filter(({ event }) => event.alarmName === alarm),
      ),
    ),
  };
}

function historyOf(alarm: string, changes: readonly KeptAlarmChange[]): AlarmHistory {
  const raises = changes.filter(({ event, isKnown }) => !isKnown && isRaise(event));
  const raised = changes.findLast(
    ({ event: { state, previousState } }) => state === 'ALARM' || previousState === 'ALARM',
  );
  return {
    alarm,
    state: changes.at(-1)?.event.state ?? 'INSUFFICIENT_DATA',
    raises: raises.map(({ event }) => event.occurredAt).slice(-raisesKept),
    raisedUntil: raised?.event.occurredAt ?? null,
  };
}

function isRaise({ state, previousState }: AlarmChanged): boolean {
  return state === 'ALARM' && previousState !== 'ALARM';
}
