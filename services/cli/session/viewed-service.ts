import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { ObservedDeployment, ObservedService } from '../../../state-machines/log/observed-service';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import type { Ecs, ObservationRequest } from '../../aws/ecs/ecs';
import type { WaitingHooks } from '../../aws/ecs/waiting-hooks';
import { ownerIn } from '../../guard/owner';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import { readRollouts, readServiceState, type Session, type SessionLog } from './session';

/** What the log tells of a service that somebody is about to change. */
export interface LoggedService {
  readonly state: ServiceState;
  /** Newest first. */
  readonly records: readonly RolloutRecord[];
}

const recordsRead = 50;

/** Throws CommandError where the log cannot be read. */
export async function readLoggedService(log: SessionLog, service: ServiceArn): Promise<LoggedService> {
  const state = await readServiceState(log, service);
  return { state, records: await readRollouts(log, { service, state, atMost: recordsRead }) };
}

/** What ECS shows of it. */
export interface ViewedService {
  readonly service: ServiceArn;
  readonly path: string;
  readonly ecs: Ecs;
  readonly observed: ObservedService;
  readonly primary: ObservedDeployment;
  /** The tool that manages the service, and may deploy again; null where none shows. */
  readonly owner: string | null;
}

/** Looks at a service before it is changed. Throws CommandError where it cannot be. */
export async function viewService(
  { clients }: Session,
  service: ServiceArn,
  request: ObservationRequest,
): Promise<ViewedService> {
  const { path } = partsOfService(service);
  const { awsEcs } = await import('../../aws/ecs/aws-ecs');
  const ecs = awsEcs(clients.ecs());
  const { observed, tags } = await askAws(path, () => ecs.observe(service, request));
  const [primary] = observed.deployments;
  if (!observed.exists || primary === undefined) {
    throw new CommandError(`${path} is no active service of this account and region`, exitCode.noInput);
  }
  if (observed.controller !== 'ECS') {
    throw new CommandError(`${path} is deployed by ${observed.controller}, not by ECS`, exitCode.data);
  }
  return { service, path, ecs, observed, primary, owner: ownerIn(tags) };
}

/** Where ECS waits for an answer; null where it waits for nobody's. Throws CommandError. */
export async function gateIn(
  { clients }: Session,
  { path, observed }: Pick<ViewedService, 'path' | 'observed'>,
): Promise<WaitingHooks | null> {
  const { inProgress } = observed;
  if (inProgress === null) return null;
  const { waitingHooks } = await import('../../aws/ecs/waiting-hooks');
  return askAws(path, () => waitingHooks(clients.ecs(), inProgress.arn));
}
