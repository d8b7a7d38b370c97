import type { DeploymentId, TaskDefinitionArn } from '../identifiers';
import type { Instant } from '../instant';

/** What people do to a service through `rewind`. */
export const operatorActions = [
  'rollback',
  'deploy',
  'retry',
  'abort',
  'promote',
  'gate',
  'pause',
  'resume',
  'forgive',
  'condemn',
  'freeze',
  'unfreeze',
  'stop',
  'start',
] as const;
type OperatorAction = (typeof operatorActions)[number];

/** What a freeze holds back: Rewind's own rollbacks, deployments by `rewind deploy`, or both. */
export const freezeScopes = ['rollbacks', 'deploys', 'all'] as const;
export type FreezeScope = (typeof freezeScopes)[number];

/** What somebody does to a service, and why. */
export interface OperatorAct {
  readonly action: OperatorAction;
  /** The caller's ARN, as the caller's own AWS credentials told it; null where they did not. */
  readonly by: string | null;
  readonly reason: string | null;
  /** What the environment says of the caller beside that, such as the actor of a pipeline. */
  readonly claims?: Claims;
  /** The deployment that the service worked towards by then. */
  readonly deployment?: DeploymentId;
  /** What it ran, or what is forgiven or condemned. */
  readonly taskDefinition?: TaskDefinitionArn;
  /** What is deployed, or gone back to. */
  readonly target?: TaskDefinitionArn;
  /** Of a way back: what is left counts as failed here. */
  readonly isLeftAsBad?: true;
  readonly commit?: Commit;
  readonly freezes?: FreezeScope;
  /** Of a promotion: the bake of the deployment is over now. */
  readonly skipsBake?: true;
  /** The test that is answered, by its name, and how. */
  readonly test?: string;
  readonly testResult?: 'passed' | 'failed';
  /** When a freeze or a pause ends by itself. */
  readonly until?: Instant;
}

/** Where a deployed image comes from. */
export interface Commit {
  readonly sha: string;
  /** The first line of its message; null where nobody told. */
  readonly subject: string | null;
}

/** Told by the environment of the caller, and verified by nobody. */
export interface Claims {
  readonly actor?: string;
  readonly run?: string;
  readonly url?: string;
}

/** In letters. A longer reason is refused whole: half of one may say the opposite. */
export const reasonLengthAtMost = 1000;
