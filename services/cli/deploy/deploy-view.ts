import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { ObservedDeployment, ObservedService } from '../../../state-machines/log/observed-service';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import { awsEcs } from '../../aws/ecs/aws-ecs';
import type { Ecs } from '../../aws/ecs/ecs';
import { ownerIn } from '../../guard/owner';
import { readRollouts, readServiceState, type Session, type SessionLog } from '../session/session';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';

/** A service that somebody is about to change. */
export interface DeployView {
  readonly service: ServiceArn;
  readonly path: string;
  readonly ecs: Ecs;
  readonly observed: ObservedService;
  readonly primary: ObservedDeployment;
  readonly state: ServiceState;
  readonly records: readonly RolloutRecord[];
  /** The tool that manages the service, and may deploy again; null where none shows. */
  readonly owner: string | null;
}

const recordsRead = 50;

/** Looks at a service before it is changed. Throws CommandError where it cannot be. */
export async function viewForDeploy(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
): Promise<DeployView> {
  const { path } = partsOfService(service);
  const state = await readServiceState(session.log, service);
  const records = await readRollouts(session.log, { service, state, atMost: recordsRead });
  const ecs = awsEcs(session.clients.ecs());
  const { observed, tags } = await askAws(path, () => ecs.observe(service, { candidates: [] }));
  const [primary] = observed.deployments;
  if (!observed.exists || primary === undefined) {
    throw new CommandError(`${path} is no active service of this account and region`, exitCode.noInput);
  }
  if (observed.controller !== 'ECS') {
    throw new CommandError(`${path} is deployed by ${observed.controller}, not by ECS`, exitCode.data);
  }
  return { service, path, ecs, observed, primary, state, records, owner: ownerIn(tags) };
}
