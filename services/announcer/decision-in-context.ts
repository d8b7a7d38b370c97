import type { DecidedEvent } from '../../state-machines/log/decided-events';
import {
  partsOfService,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Rollout } from '../../state-machines/rollout/rollout';
import { isRollback } from '../../state-machines/rollout/rollout-context';

/** A decision, and what was known of its rollout when it was made. */
export interface DecisionInContext<Event extends DecidedEvent = DecidedEvent> {
  readonly event: Event;
  readonly recordedAt: Instant;
  /** Null when the log no longer holds it. */
  readonly rollout: Rollout | null;
  readonly wait: Wait;
}

/** What makes a rollout wait on ECS's side. */
interface Wait {
  /** How long its own deployment configuration makes it wait. */
  readonly plannedSeconds: number;
  /** The ids of hooks that wait for an answer. */
  readonly hooks: readonly string[];
}

/**
 * Whether the rollout takes back another one that is known: its end is announced as the end of
 * that. A rollback of which nobody told what it takes back is announced by itself.
 */
export function isToldWithAnother({ rollout }: DecisionInContext): boolean {
  return rollout !== null && rollout.rollbackOf !== null;
}

/** What people call the service: `cluster/service`. */
export function servicePath({ event }: DecisionInContext): string {
  return partsOfService(event.service).path;
}

/** `web:7`, or the deployment's id where no event said what it runs. */
export function releaseName({ event, rollout }: DecisionInContext): string {
  return rollout?.taskDefinition ? shortTaskDefinition(rollout.taskDefinition) : event.deployment;
}

/** `the rollout of web:7`, or `the rollback to web:6`. */
export function rolloutName(decision: DecisionInContext): string {
  const { rollout } = decision;
  const kind = rollout !== null && isRollback(rollout) ? 'rollback to' : 'rollout of';
  return `the ${kind} ${releaseName(decision)}`;
}

/** `web:7`, or words for a task definition that is not known. */
export function taskDefinitionName(taskDefinition: TaskDefinitionArn | null): string {
  return taskDefinition === null
    ? 'a task definition that ECS does not name'
    : shortTaskDefinition(taskDefinition);
}

const consoleDomains: { readonly [partition: string]: string } = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
  'aws-iso': 'console.c2shome.ic.gov',
  'aws-iso-b': 'console.sc2shome.sgov.gov',
  'aws-iso-e': 'console.csphome.adc-e.uk',
  'aws-iso-f': 'console.csphome.hci.ic.gov',
};

/** The service's deployments in the AWS console. */
export function consoleUrlOf({ event }: { readonly event: Pick<DecidedEvent, 'service'> }): string {
  const { partition, region, cluster, name } = partsOfService(event.service);
  const domain = consoleDomains[partition] ?? consoleDomains.aws;
  return `https://${region}.${domain}/ecs/v2/clusters/${cluster}/services/${name}/deployments?region=${region}`;
}
