import type { ServiceDeploymentArn } from '../../state-machines/log/identifiers';
import type { ObservedDeployment, ObservedService } from '../../state-machines/log/observed-service';
import { deploymentId, revision, second } from '../state-machines/story';

/**
 * ECS as far as the protocol of a rollback can tell it apart: one service, its deployments, its
 * service deployments, and what was called. Immutable and small, so that every state of it can be
 * visited.
 */
export interface ToyEcs {
  /** The primary one first. */
  readonly deployments: readonly ToyDeployment[];
  /** Newest first. */
  readonly serviceDeployments: readonly ToyServiceDeployment[];
  readonly effects: readonly Effect[];
  /** How often it has changed: its clock. */
  readonly changes: number;
}

interface ToyDeployment {
  readonly number: number;
  readonly revision: number;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly createdAt: number;
}

interface ToyServiceDeployment {
  /** That of the deployment that it brings. */
  readonly number: number;
  readonly revision: number;
  readonly status: 'IN_PROGRESS' | 'ROLLBACK_IN_PROGRESS' | 'ENDED' | 'SUCCESSFUL';
  /** Who began the way back inside it; null where there is none. */
  readonly rollbackBy: 'ecs' | 'request' | null;
  readonly createdAt: number;
}

/** A call of Rewind that changed something. */
interface Effect {
  readonly method: 'StopServiceDeployment' | 'UpdateService';
  /** The deployment that it took away from the service. */
  readonly takenBack: number;
  readonly revision: number;
}

/** Deployment 1 is stable; deployment 2 began at second 500, and its tasks crash. */
export const crashingRollout: ToyEcs = {
  deployments: [
    { number: 2, revision: 2, rolloutState: 'IN_PROGRESS', createdAt: 500 },
    { number: 1, revision: 1, rolloutState: 'COMPLETED', createdAt: 0 },
  ],
  serviceDeployments: [
    { number: 2, revision: 2, status: 'IN_PROGRESS', rollbackBy: null, createdAt: 500 },
    { number: 1, revision: 1, status: 'SUCCESSFUL', rollbackBy: null, createdAt: 0 },
  ],
  effects: [],
  changes: 0,
};

/**
 * The second of the next change. It does not depend on the reconcilers' clocks, which keeps states
 * apart that differ in nothing.
 */
export function secondOf({ changes }: ToyEcs): number {
  return 540 + 5 * changes;
}

export function primaryOf({ deployments }: ToyEcs): number {
  return deployments[0]?.number ?? 0;
}

/** The service deployment that ECS works on; undefined when it works on none. */
export function workedOn({ serviceDeployments }: ToyEcs): ToyServiceDeployment | undefined {
  return serviceDeployments.find(
    ({ status }) => status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS',
  );
}

interface Deployed {
  readonly number: number;
  readonly revision: number;
  readonly at: number;
}

/** A new deployment of a revision: whatever ECS works on then ends. */
export function deploy(ecs: ToyEcs, { number, revision: deployed, at }: Deployed): ToyEcs {
  const isEnded = ({ status }: ToyServiceDeployment) => status === 'SUCCESSFUL' || status === 'ENDED';
  return {
    ...ecs,
    changes: ecs.changes + 1,
    deployments: [
      { number, revision: deployed, rolloutState: 'IN_PROGRESS', createdAt: at },
      ...ecs.deployments,
    ],
    serviceDeployments: [
      { number, revision: deployed, status: 'IN_PROGRESS', rollbackBy: null, createdAt: at },
      ...ecs.serviceDeployments.map((one) => (isEnded(one) ? one : { ...one, status: 'ENDED' as const })),
    ],
  };
}

/** ECS calls the deployment that it works on complete; a way back, too. */
export function complete(ecs: ToyEcs): ToyEcs {
  const [primary, ...others] = ecs.deployments;
  if (primary === undefined) return ecs;
  const ended = { IN_PROGRESS: 'SUCCESSFUL', ROLLBACK_IN_PROGRESS: 'ENDED' } as const;
  return {
    ...ecs,
    changes: ecs.changes + 1,
    deployments: [{ ...primary, rolloutState: 'COMPLETED' }, ...others],
    serviceDeployments: ecs.serviceDeployments.map((one) =>
      one.status === 'IN_PROGRESS' || one.status === 'ROLLBACK_IN_PROGRESS'
        ? { ...one, status: ended[one.status] }
        : one,
    ),
  };
}

/**
 * The service deployment in progress goes back to what was completed last, under its old deployment
 * id.
 */
export function goBack(ecs: ToyEcs, rollbackBy: 'ecs' | 'request'): ToyEcs {
  const current = workedOn(ecs);
  const target = candidateOf(ecs);
  const resumed = ecs.deployments.find(({ number }) => number === target?.number);
  if (current === undefined || resumed === undefined) return ecs;
  return {
    ...ecs,
    changes: ecs.changes + 1,
    deployments: [
      { ...resumed, rolloutState: 'IN_PROGRESS' },
      ...ecs.deployments.filter((one) => one !== resumed),
    ],
    serviceDeployments: ecs.serviceDeployments.map((one) =>
      one === current ? { ...one, status: 'ROLLBACK_IN_PROGRESS', rollbackBy } : one,
    ),
  };
}

/** What ECS would go back to by itself. */
function candidateOf({ serviceDeployments }: ToyEcs): ToyServiceDeployment | undefined {
  return serviceDeployments.find(({ status }) => status === 'SUCCESSFUL');
}

/** What DescribeServices shows. */
export type ShownDeployments = Pick<ObservedService, 'deployments'>;
/** What the calls after it show. */
export type ShownHistory = Omit<ObservedService, 'deployments'>;

export function describeDeployments({ deployments }: ToyEcs): ShownDeployments {
  return { deployments: deployments.map(shownDeployment) };
}

function shownDeployment({
  number,
  revision: runs,
  rolloutState,
  createdAt,
}: ToyDeployment): ObservedDeployment {
  return {
    id: deploymentId(number),
    taskDefinition: revision(runs),
    rolloutState,
    runningCount: 2,
    createdAt: second(createdAt),
  };
}

export function describeHistory(ecs: ToyEcs): ShownHistory {
  const current = workedOn(ecs);
  const candidate = candidateOf(ecs);
  return {
    exists: true,
    controller: 'ECS',
    desiredCount: 2,
    deploymentConfiguration: null,
    inProgress:
      current === undefined
        ? null
        : {
            arn: serviceDeploymentArn(current.number),
            ...(current === ecs.serviceDeployments[0] ? {} : { isOlder: true }),
          },
    serviceDeployments: ecs.serviceDeployments.map(({ rollbackBy, createdAt }) => ({
      createdAt: second(createdAt),
      rollback: rollbackBy === null ? null : { isByEcs: rollbackBy === 'ecs' },
    })),
    lastSuccessful: candidate === undefined ? null : revision(candidate.revision),
    earlierSuccessful: [],
    active: [1, 2, 3].map(revision),
  };
}

function serviceDeploymentArn(number: number): ServiceDeploymentArn {
  return `arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/web/${number}` as ServiceDeploymentArn;
}

/** The number of the service deployment that an ARN names. */
export function numberIn(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf('/') + 1));
}
