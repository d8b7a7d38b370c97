import type { Ecs } from '../../../services/aws/ecs/ecs';
import type { EventLog, RecordedEvent } from '../../../services/event-log/event-log';
import { isDecided } from '../../../state-machines/log/events';
import type { Instant } from '../../../state-machines/log/instant';
import type { EcsSimulator } from '../../ecs-simulator/src/ecs-simulator';
import type { OracleName } from '../oracles/oracles';
import type { ChangedParts } from '../world/rewind-functions';

/** A fault that Rewind had once, put back by exchanging a part of it. */
interface PutBack {
  /** What goes wrong with it. */
  readonly fault: string;
  /** The oracle that is there to find it; others may find what follows from it. */
  readonly oracle: OracleName;
  readonly changed: ChangedParts;
}

/**
 * Faults that were mended, by name. Each is put back at a port of Rewind's, never in its code, so
 * that the simulation can be seen to find it.
 */
export const putBacks = {
  'end-before-start': {
    fault: 'the end of a bake of no length sorts before its start',
    oracle: 'nothingIsLeftOpen',
    changed: { eventLog: endingAtStart },
  },
  'last-completed-is-stable': {
    fault: 'what ECS completed last counts as stable, whether it proved itself or not',
    oracle: 'neverToTheUnproven',
    changed: { eventLog: (log) => appending(log, withLastCompleted) },
  },
  'stop-what-runs': {
    fault: 'the service deployment that is under way is stopped, not the one that was judged',
    oracle: 'neverANewerOne',
    changed: { ecs: stoppingWhatRuns },
  },
  'silent-without-ecs': {
    fault: 'nothing is judged while ECS cannot be asked',
    oracle: 'everyFailureIsJudged',
    changed: {
      reconcile: (reconcile, ecs) => async (wakeUp) => {
        try {
          await ecs.primaryOf(wakeUp.service);
        } catch {
          return { nextWakeAt: null };
        }
        return reconcile(wakeUp);
      },
    },
  },
  'known-by-deployment': {
    fault: 'a rollout is known by its deployment alone, which ECS starts again when it goes back',
    oracle: 'nothingIsLeftOpen',
    changed: { eventLog: knownByDeployment },
  },
  'watched-alarms-only': {
    fault: "an alarm's change is dropped where no service watches the alarm by then",
    oracle: 'nothingAcknowledgedIsLost',
    changed: {
      eventLog: (log) => ({
        ...log,
        appendAlarmChange: async () => {},
        alarmChanges: async () => [],
      }),
    },
  },
  'given-up-for-good': {
    fault: 'wake-ups that were given up are read by nobody',
    oracle: 'nothingIsLeftOpen',
    changed: { tableStream: () => ({ keysIn: async () => [] }) },
  },
  'decided-by-cause': {
    fault: 'the keys of a verdict and a conclusion are their causes, so that two causes write two',
    oracle: 'decidedOnce',
    changed: { eventLog: (log) => appending(log, keyedByCause) },
  },
} as const satisfies Readonly<Record<string, PutBack>>;

export type PutBackName = keyof typeof putBacks;

export function isPutBackName(name: string): name is PutBackName {
  return Object.hasOwn(putBacks, name);
}

type Change = (recorded: RecordedEvent) => RecordedEvent;

function appending(log: EventLog, change: Change): EventLog {
  return { ...log, append: (recorded) => log.append(change(recorded)) };
}

/** A bake of no length ended in the millisecond of its start, and its name sorts before that's. */
function endingAtStart(log: EventLog): EventLog {
  const starts = new Set<number>();
  return appending(log, (recorded) => {
    const { event } = recorded;
    if (event.type === 'DeploymentCompleted') starts.add(event.occurredAt);
    const start = (event.occurredAt - 1) as Instant;
    const isOfNoLength = event.type === 'BakeElapsed' && starts.has(start);
    return isOfNoLength ? { ...recorded, event: { ...event, occurredAt: start } } : recorded;
  });
}

function withLastCompleted(recorded: RecordedEvent): RecordedEvent {
  const { event } = recorded;
  if (event.type !== 'RolloutOpened') return recorded;
  const last = event.madeWith.observed?.lastSuccessful ?? null;
  if (last === null || last === event.taskDefinition) return recorded;
  const { wayBack: _wayBack, ...opening } = event;
  return { ...recorded, event: { ...opening, stable: last } };
}

/** Decisions on a deployment that ECS started again were taken for those on its first rollout. */
function knownByDeployment(log: EventLog): EventLog {
  const starts = new Map<string, Instant>();
  return appending(log, (recorded) => {
    const { event } = recorded;
    if (!isDecided(event)) return recorded;
    const startedAt = starts.get(event.deployment) ?? event.startedAt;
    starts.set(event.deployment, startedAt);
    return { ...recorded, event: { ...event, startedAt } };
  });
}

/** As earlier reducers wrote them: behind their causes, of which there may be two. */
function keyedByCause(recorded: RecordedEvent): RecordedEvent {
  const { event } = recorded;
  if (event.type !== 'VerdictReached' && event.type !== 'RolloutConcluded') return recorded;
  return { ...recorded, event: { ...event, madeWith: { ...event.madeWith, reducerVersion: 5 } } };
}

/** The look and the call are not of one instant: between them somebody may deploy. */
function stoppingWhatRuns(ecs: Ecs, account: Pick<EcsSimulator, 'call'>): Ecs {
  const caller = { accessKeyId: 'rewind', userAgent: 'put back', sourceIpAddress: '127.0.0.1' };
  return {
    ...ecs,
    async stopServiceDeployment(arn) {
      const [cluster, service] = arn.split('/').slice(1, 3);
      const { serviceDeployments = [] } = account.call(
        'ListServiceDeployments',
        { cluster, service },
        caller,
      ) as {
        serviceDeployments?: readonly { serviceDeploymentArn: string }[];
      };
      return ecs.stopServiceDeployment(serviceDeployments[0]?.serviceDeploymentArn ?? arn);
    },
  };
}
