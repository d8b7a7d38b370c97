import { partsOfService, type ServiceArn } from '../../../../state-machines/log/identifiers';
import { awsEcs } from '../../../aws/ecs/aws-ecs';
import { describeOwnService } from '../../../aws/operator/own-service';
import { ownerIn } from '../../../guard/owner';
import type { Session } from '../../session/session';
import { gateIn } from '../../session/viewed-service';
import { askAws } from '../../terminal/aws-options';
import type { EcsNow } from './dashboard-data';

/** What ECS shows of a service: how many tasks run, and where it waits. Throws CommandError. */
export async function readEcsNow(session: Session, service: ServiceArn): Promise<EcsNow | null> {
  const parts = partsOfService(service);
  const { path } = parts;
  const client = session.clients.ecs();
  const described = await askAws(path, () => describeOwnService(client, parts));
  if (described === undefined) return null;
  const { observed, tags } = await askAws(path, () => awsEcs(client).observe(service, { candidates: [] }));
  const gate = await gateIn(session, { path, observed });
  const { desiredCount = null, runningCount = null, deployments = [] } = described;
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  return {
    desiredCount,
    runningCount,
    rolloutState: primary?.rolloutState ?? null,
    gate: gate && { stage: gate.stage, hooks: gate.hooks },
    owner: ownerIn(tags),
  };
}
