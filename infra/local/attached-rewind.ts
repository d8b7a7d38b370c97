import { cloudWatchAlarms } from '../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../services/aws/ecs/aws-ecs';
import { cloudWatchMeasurements } from '../../services/aws/measurements/cloudwatch-measurements';
import { awsTests } from '../../services/aws/tests/aws-tests';
import type { EventLog } from '../../services/event-log/event-log';
import { memoryEventLog } from '../../services/event-log/memory-event-log';
import type { PolicyFile } from '../../services/policy/policy-file';
import {
  type EcsSimulator,
  type Notification,
  SeededRandom,
  type SimulationClock,
} from '../ecs-simulator/src/ecs-simulator';
import { inProcessClients } from './in-process-clients';
import { RewindInProcess, type RewindInProcessParts } from './rewind-in-process';

interface AttachedRewindParts extends Pick<RewindInProcessParts, 'onAppended'> {
  readonly clock: SimulationClock;
  readonly simulator: EcsSimulator;
  readonly policies: PolicyFile;
  /** Decides how long each notification is on its way, and when a retry comes. */
  readonly seed: number;
  /** In memory if left out. */
  readonly eventLog?: EventLog;
}

/** Rewind beside a simulated ECS. */
export interface AttachedRewind {
  readonly eventLog: EventLog;
  /** Takes a notification as ECS sends it. What comes of it comes with a later `settle`. */
  receive(envelope: Notification): void;
  /** Does all that there is to do at this instant. What Rewind does takes no time. */
  settle(): Promise<void>;
}

/**
 * From an event to its delivery, "typically about half a second":
 * https://aws.amazon.com/eventbridge/faqs/
 */
const latencySeconds = [0.3, 0.8] as const;

/**
 * Attaches Rewind to a simulated ECS, on its clock. The same seed and the same notifications give
 * the same decisions.
 */
export function attachRewind({
  simulator,
  seed,
  eventLog = memoryEventLog(),
  ...parts
}: AttachedRewindParts): AttachedRewind {
  const random = new SeededRandom(seed);
  const clients = inProcessClients(simulator, 'rewind');
  const rewind = new RewindInProcess({
    ...parts,
    eventLog,
    ecs: awsEcs(clients.ecs),
    alarms: cloudWatchAlarms(clients.cloudWatch),
    measurements: cloudWatchMeasurements(() => clients),
    tests: awsTests(() => ({
      ...clients,
      logs: async () => clients.logs,
      lambda: async () => clients.lambda,
    })),
    jitter: () => random.next(),
  });
  rewind.scheduleSweep();
  return {
    eventLog: rewind.eventLog,
    receive: (envelope) => rewind.receive(envelope, random.between(...latencySeconds)),
    settle: () => rewind.settle(),
  };
}
