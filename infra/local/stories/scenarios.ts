import type { Outcome, RollbackActor } from '../../../state-machines/log/decided-events';
import type { DeploymentRequest, Revision } from './operator';

/** A story: what is deployed over the good task definition, under which policy, and how it has to end. */
export interface Scenario {
  /** One line: what is wrong with web:2, and what comes of it. */
  readonly summary: string;
  /** The text of the policy file. */
  readonly policy: string;
  /** What web:1 and web:2 have in common, where that matters. */
  readonly healthCheck?: Revision['healthCheck'];
  /** Docker labels of web:2, which tell the simulator how it behaves. */
  readonly labels: Revision['labels'];
  /** What the operator asks for beside the new task definition. */
  readonly request?: Pick<DeploymentRequest, 'circuitBreaker'>;
  readonly ending: Ending;
}

/** What has to be so at the end, for the story to have gone well. */
export interface Ending {
  readonly outcome: Outcome;
  readonly rollback: { readonly by: RollbackActor } | null;
  /** Which task definition the service has to run. */
  readonly runs: 'web:1' | 'web:2';
  /** Whether its tasks have to be healthy: not so where nobody took a bad one back. */
  readonly isHealthy: boolean;
  /** The calls by which Rewind changes ECS. */
  readonly writes: readonly ('StopServiceDeployment' | 'UpdateService')[];
}

const enforce = 'defaults: { mode: enforce, bakeSeconds: 120 }';

const healthCheck = { command: ['CMD', 'check'], interval: 10, retries: 3, startPeriod: 10 };

const takenBack = {
  outcome: 'rolledBack',
  rollback: { by: 'rewind' },
  runs: 'web:1',
  isHealthy: true,
  writes: ['StopServiceDeployment'],
} as const satisfies Ending;

export const scenarios = {
  'crash-loop': {
    summary: 'web:2 exits right after it has started; Rewind takes it back',
    policy: enforce,
    labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '3' },
    ending: takenBack,
  },
  'failing-health-check': {
    summary: 'web:2 never becomes healthy; Rewind takes it back',
    policy: enforce,
    healthCheck,
    labels: { 'rewind.behaviour': 'unhealthy' },
    ending: takenBack,
  },
  'unpullable-image': {
    summary: 'the image of web:2 does not exist; Rewind takes it back',
    policy: enforce,
    labels: { 'rewind.behaviour': 'unpullable' },
    ending: takenBack,
  },
  healthy: {
    summary: 'web:2 is as good as web:1; it survives its bake and becomes stable',
    policy: enforce,
    labels: {},
    ending: { outcome: 'succeeded', rollback: null, runs: 'web:2', isHealthy: true, writes: [] },
  },
  'crash-in-bake': {
    summary: 'ECS completes web:2, then it crashes during the bake; Rewind deploys web:1 again',
    policy: enforce,
    // ECS completes the deployment about 95 s after its start; the first task has run for 70 s then.
    labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '110' },
    ending: { ...takenBack, writes: ['UpdateService'] },
  },
  'native-rollback': {
    summary: "ECS's own circuit breaker takes web:2 back before Rewind would; Rewind adopts that",
    // More than 100 % of the tasks never fail: this policy leaves it to ECS.
    policy: 'defaults: { mode: enforce, bakeSeconds: 120, failurePercent: 100 }',
    healthCheck,
    labels: { 'rewind.behaviour': 'unhealthy' },
    request: { circuitBreaker: { failures: 2 } },
    ending: { ...takenBack, rollback: { by: 'ecs' }, writes: [] },
  },
  observe: {
    summary: 'web:2 crashes, and the policy only observes: Rewind says what it would have done',
    policy: 'defaults: { mode: observe, bakeSeconds: 120, deadlineSeconds: 240 }',
    labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '3' },
    ending: {
      outcome: 'notEnforced',
      rollback: { by: 'rewind' },
      runs: 'web:2',
      isHealthy: false,
      writes: [],
    },
  },
} as const satisfies { readonly [name: string]: Scenario };

export type ScenarioName = keyof typeof scenarios;

export const defaultScenario: ScenarioName = 'crash-loop';

export function isScenarioName(text: string): text is ScenarioName {
  return Object.hasOwn(scenarios, text);
}
