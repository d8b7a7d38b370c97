import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { partsOfService } from '../../../state-machines/log/identifiers';
import { type RolloutRecord, rolloutRecordsIn } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import type { WaitingHooks } from '../../aws/ecs/waiting-hooks';
import { oneService } from '../session/chosen-services';
import { readServiceState, type Session, type SessionLog } from '../session/session';
import { gateIn } from '../session/viewed-service';
import { askAws } from '../terminal/aws-options';

/** A service with what is under way there, as the log and ECS tell. */
export interface SteeredService {
  readonly service: ServiceArn;
  readonly path: string;
  readonly state: ServiceState;
  /** The rollout that is judged yet; null where none is. */
  readonly live: RolloutRecord | null;
  /** Null where ECS waits for nobody's answer. */
  readonly gate: WaitingHooks | null;
}

/** Looks at a service whose rollout somebody wants to steer. Throws CommandError. */
export async function steeredService(
  session: Session & { readonly log: SessionLog },
  name: string,
): Promise<SteeredService> {
  const service = await oneService(session, name);
  const { path } = partsOfService(service);
  const state = await readServiceState(session.log, service);
  const live =
    rolloutRecordsIn(state).find(({ phase }) => phase === 'watching' || phase === 'baking') ?? null;
  const { awsEcs } = await import('../../aws/ecs/aws-ecs');
  const { observed } = await askAws(path, () =>
    awsEcs(session.clients.ecs()).observe(service, { candidates: [] }),
  );
  return { service, path, state, live, gate: await gateIn(session, { path, observed }) };
}
