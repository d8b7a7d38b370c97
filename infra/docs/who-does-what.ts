import type { RecordedEvent } from '../../services/event-log/event-log';
import { parsePolicyFile } from '../../services/policy/policy-file';
import type { DecidedEvent } from '../../state-machines/log/decided-events';
import { isDecided } from '../../state-machines/log/events';
import { type Instant, secondsAfter } from '../../state-machines/log/instant';
import { EcsSimulator, type Notification, SteppedClock } from '../ecs-simulator/src/ecs-simulator';
import { type AttachedRewind, attachRewind } from '../local/attached-rewind';
import { ScenarioRun } from '../local/stories/scenario/scenario-run';
import { type Scenario, scenarioSchema } from '../local/stories/scenario/scenario-schema';
import { storyOrigin } from '../local/stories/simulation';

const alarm = 'web-errors';
const breaker = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });
const strictBreaker = {
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
    resetOnHealthyTask: false,
    thresholdConfiguration: { type: 'COUNT', value: 1 },
  },
} as const;
const alarms = (rollback: boolean) => ({
  alarms: { alarmNames: [alarm], enable: true, rollback },
  bakeTimeInMinutes: 2,
});

/**
 * ECS's own protections, as the deployment configuration has them. The strict circuit breaker trips
 * at the first failed task. Alarms come with a bake of two minutes.
 */
export const protections = {
  none: {},
  'circuit breaker, no rollback': breaker(false),
  'circuit breaker with rollback': breaker(true),
  'strict circuit breaker with rollback': strictBreaker,
  'alarms, no rollback': alarms(false),
  'alarms with rollback': alarms(true),
  'both with rollback': { ...breaker(true), ...alarms(true) },
} as const;
export type Protection = keyof typeof protections;

const crash = (seconds: number) => ({ behaviour: 'crash', with: { 'crash-after': seconds } });

/**
 * What is wrong with the second revision, or when the alarm is raised, counted from UpdateService.
 */
export const failures = {
  'exits at once': { revision: crash(1) },
  'every other task exits': { revision: { behaviour: 'flaky' } },
  'its image is missing': { revision: { behaviour: 'unpullable' } },
  'never healthy': { revision: { behaviour: 'unhealthy' } },
  'exits 2½ minutes after its start': { revision: crash(150) },
  'exits 5½ minutes after its start': { revision: crash(330) },
  'an alarm after 40 s': { alarmAfterSeconds: 40 },
  'an alarm after 2½ minutes': { alarmAfterSeconds: 150 },
  'an alarm after 6½ minutes': { alarmAfterSeconds: 390 },
} as const satisfies Record<string, { revision?: object; alarmAfterSeconds?: number }>;
export type Failure = keyof typeof failures;

interface Combination {
  readonly protection: Protection;
  readonly mode: 'enforce' | 'observe';
  readonly failure: Failure;
}

/**
 * What became of the rollout of the second revision. Seconds are from UpdateService on; null for
 * what did not happen.
 */
export interface Ending {
  readonly takenBackBy: 'ECS, circuit breaker' | 'ECS, alarms' | 'Rewind' | 'nobody';
  /** The call that Rewind made; null for none. */
  readonly call: string | null;
  /** How many calls of Rewind changed something. */
  readonly writes: number;
  readonly isAdopted: boolean;
  readonly verdictSeconds: number | null;
  readonly verdict: string | null;
  /** When ECS called the deployment FAILED. */
  readonly failedSeconds: number | null;
  readonly backSeconds: number | null;
  /** What the service runs in the end, and how ECS calls its deployment. */
  readonly runs: string;
  readonly outcome: string | null;
}

const deployAt = 900;
/**
 * So long after the deployment nothing is left to come: ECS does nothing after the last alarm,
 * tasks have been replaced and lost a second time, and a rollback by Rewind has settled.
 */
const watchedSeconds = 1200;

/**
 * Runs one combination: a first revision that proves itself, and then the failure. The same
 * combination ends the same every time.
 */
export async function play(combination: Combination): Promise<Ending> {
  const scenario = scenarioOf(combination);
  const clock = new SteppedClock(storyOrigin);
  const told: Notification[] = [];
  const decided: DecidedEvent[] = [];
  const simulator = new EcsSimulator({
    clock,
    seed: 1,
    emit(envelope) {
      told.push(envelope);
      rewind.receive(envelope);
    },
  });
  const policies = parsePolicyFile(JSON.stringify(scenario.policy), 'policy');
  const onAppended = ({ event }: RecordedEvent) => {
    if (isDecided(event)) decided.push(event);
  };
  const rewind = attachRewind({ clock, simulator, policies, seed: 3, onAppended });
  await run({ clock, simulator, scenario, rewind });
  return endingOf({ simulator, told, decided });
}

function scenarioOf({ protection, mode, failure }: Combination): Scenario {
  const { revision = {}, alarmAfterSeconds = null } = failures[failure] as {
    revision?: object;
    alarmAfterSeconds?: number;
  };
  const raise = { at: `${deployAt + (alarmAfterSeconds ?? 0)}s`, alarm: { name: alarm, state: 'ALARM' } };
  return scenarioSchema.parse({
    about: failure,
    minutes: (deployAt + watchedSeconds) / 60,
    policy: { defaults: { mode, bakeSeconds: 420, alarms: [alarm] } },
    alarms: [{ name: alarm }],
    services: [{ name: 'web', deploymentConfiguration: protections[protection] }],
    steps: [
      { at: `${deployAt}s`, deploy: { service: 'web', ...revision } },
      ...(alarmAfterSeconds === null ? [] : [raise]),
    ],
  });
}

async function run(parts: {
  clock: SteppedClock;
  simulator: EcsSimulator;
  scenario: Scenario;
  rewind: AttachedRewind;
}): Promise<void> {
  const { clock, simulator, scenario, rewind } = parts;
  new ScenarioRun({ clock, simulator, scenario }).begin();
  await rewind.settle();
  const end = secondsAfter(storyOrigin, scenario.minutes * 60);
  for (let next = clock.nextAt(); next !== null && next <= end; next = clock.nextAt()) {
    clock.advanceTo(next);
    await rewind.settle();
  }
}

interface Performance {
  readonly simulator: EcsSimulator;
  readonly told: readonly Notification[];
  readonly decided: readonly DecidedEvent[];
}

function endingOf({ simulator, told, decided }: Performance): Ending {
  const deployment = simulator.deploymentsStarted[1]?.deployment;
  const ofRollout = decided.filter((event) => event.deployment === deployment);
  const find = <Type extends DecidedEvent['type']>(type: Type) =>
    ofRollout.findLast((event): event is Extract<DecidedEvent, { type: Type }> => event.type === type);
  const verdict = (find('PassRevoked') ?? find('VerdictReached'))?.verdict;
  const issued = find('RollbackIssued');
  const states = told
    .filter((envelope) => envelope['detail-type'] === 'ECS Deployment State Change')
    .map(({ detail }) => ({ ...detail, at: Date.parse(String(detail.updatedAt)) as Instant }))
    .filter(({ at }) => at > secondsAfter(storyOrigin, deployAt)) as DeploymentState[];
  const failed = states.find(
    (state) => state.deploymentId === deployment && state.eventName.endsWith('FAILED'),
  );
  const back = states.find(
    (state) => state.deploymentId !== deployment && state.eventName.endsWith('COMPLETED'),
  );
  return {
    takenBackBy: issued === undefined ? nativeRollback(simulator) : 'Rewind',
    call: issued?.method ?? null,
    writes: writesOfRewind(simulator),
    isAdopted: find('RollbackAdopted') !== undefined,
    verdictSeconds: secondsOf(verdict?.at),
    verdict: verdict === undefined ? null : `${verdict.result}, ${verdict.reason}`,
    failedSeconds: secondsOf(failed?.at),
    backSeconds: secondsOf(back?.at),
    runs: runningIn(simulator),
    outcome: find('RolloutConcluded')?.outcome ?? null,
  };
}

interface DeploymentState {
  readonly at: Instant;
  readonly deploymentId: string;
  readonly eventName: string;
}

function secondsOf(at: Instant | undefined): number | null {
  return at === undefined ? null : Math.round((at - secondsAfter(storyOrigin, deployAt)) / 1000);
}

const reader = { accessKeyId: 'reader', userAgent: '', sourceIpAddress: '' };
const web = { cluster: 'prod', service: 'web' };

/** All but the operator's UpdateService. */
function writesOfRewind({ calls }: EcsSimulator): number {
  return calls.effective('StopServiceDeployment').length + calls.effective('UpdateService').length - 1;
}

/** Whether ECS itself went back, and for which of its protections. */
function nativeRollback(simulator: EcsSimulator): Ending['takenBackBy'] {
  const { serviceDeployments } = simulator.call('ListServiceDeployments', web, reader) as {
    serviceDeployments: { status: string; statusReason?: string }[];
  };
  const [newest] = serviceDeployments;
  if (!newest?.status.startsWith('ROLLBACK')) return 'nobody';
  return newest.statusReason?.includes('circuit breaker') ? 'ECS, circuit breaker' : 'ECS, alarms';
}

function runningIn(simulator: EcsSimulator): string {
  const input = { cluster: web.cluster, services: [web.service] };
  const { services } = simulator.call('DescribeServices', input, reader) as {
    services: { taskDefinition: string; deployments: { rolloutState: string }[] }[];
  };
  const [service] = services;
  return `${service?.taskDefinition.split('/').at(-1)} ${service?.deployments[0]?.rolloutState}`;
}
