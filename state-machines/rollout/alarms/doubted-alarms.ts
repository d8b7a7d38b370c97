import { type Instant, secondsAfter } from '../../log/instant';
import type { AlarmChanged } from '../../log/observed-events';
import type { ContextChange, RolloutContext } from '../rollout-context';
import { believedAfterSeconds, type DoubtedAlarm } from './doubted-alarm';
import { isRaised } from './raised-alarms';

const raisesNeeded = 3;
const raisesWithinSeconds = 1800;
/** A policy names few; what it names beyond these is believed at once. */
const doubtedKept = 100;

/** What a change of an alarm makes of the doubt in it; the context is that before the change. */
export function afterDoubtedAlarm(context: RolloutContext, event: AlarmChanged): ContextChange {
  const { doubtedAlarms, raisedBeforeStart } = context;
  const { alarmName, state, occurredAt } = event;
  const isOver = state === 'OK' && raisedBeforeStart.includes(alarmName);
  const index = doubtedAlarms.findIndex(({ alarm }) => alarm === alarmName);
  const known = doubtedAlarms[index] ?? (isOver ? doubtOf(alarmName) : undefined);
  if (known === undefined) return {};
  const raised = isRaised(context, event) ? raisedAt(known, occurredAt) : known;
  const after = {
    ...(state === 'ALARM' ? raised : { ...known, since: null }),
    ...(isOver ? { wasRaisedAtStart: true as const } : {}),
  };
  if (index >= 0) return { doubtedAlarms: doubtedAlarms.with(index, after) };
  return doubtedAlarms.length < doubtedKept ? { doubtedAlarms: [...doubtedAlarms, after] } : {};
}

function doubtOf(alarm: string): DoubtedAlarm {
  return { alarm, raisedBefore: 0, since: null, raises: [] };
}

function raisedAt(doubted: DoubtedAlarm, at: Instant): DoubtedAlarm {
  if (doubted.since !== null) return doubted;
  return { ...doubted, since: at, raises: [...doubted.raises, at].slice(-raisesNeeded) };
}

/** The doubted alarms with those that a reading found raised, of which no notification told. */
export function afterDoubtedReadings(
  { doubtedAlarms }: Pick<RolloutContext, 'doubtedAlarms'>,
  raised: readonly { readonly alarm: string; readonly since: Instant }[],
): readonly DoubtedAlarm[] {
  return doubtedAlarms.map((doubted) => {
    const reading = raised.find(({ alarm }) => alarm === doubted.alarm);
    return reading === undefined ? doubted : raisedAt(doubted, reading.since);
  });
}

type DoubtedAlarms = Pick<RolloutContext, 'policy' | 'doubtedAlarms'>;

/** The doubt in an alarm; undefined where it is believed at once. */
export function doubtIn(
  { policy, doubtedAlarms }: DoubtedAlarms,
  alarmName: string,
): DoubtedAlarm | undefined {
  if (policy.failureRule !== 'evidence') return undefined;
  return doubtedAlarms.find(({ alarm }) => alarm === alarmName);
}

/** Whether an alarm that has just been raised is believed, for it was so twice before. */
export function isRaisedOften({ raises, wasRaisedAtStart }: DoubtedAlarm): boolean {
  const [first] = raises;
  const last = raises.at(-1);
  if (wasRaisedAtStart || raises.length < raisesNeeded || first === undefined || last === undefined) {
    return false;
  }
  return last <= secondsAfter(first, raisesWithinSeconds);
}

/** When the first doubted alarm that is raised will have lasted; null while none is. */
export function alarmBelievedAt({ policy, doubtedAlarms }: DoubtedAlarms): Instant | null {
  if (policy.failureRule !== 'evidence' || doubtedAlarms.length === 0) return null;
  const since = doubtedAlarms.flatMap((doubted) => doubted.since ?? []);
  return since.length === 0 ? null : secondsAfter(Math.min(...since) as Instant, believedAfterSeconds);
}

/** The doubted alarm that has lasted by then. */
export function lastingAlarm(doubted: DoubtedAlarms, at: Instant): DoubtedAlarm | undefined {
  const believedAt = alarmBelievedAt(doubted);
  if (believedAt === null || at < believedAt) return undefined;
  const isLasting = ({ since }: DoubtedAlarm) =>
    since !== null && at >= secondsAfter(since, believedAfterSeconds);
  return doubted.doubtedAlarms.find(isLasting);
}
