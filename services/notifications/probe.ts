import type { ServiceArn } from '../../state-machines/log/identifiers';
import { type Envelope, eventIdOf, InvalidNotificationError, occurredAt } from './envelope';
import { partitionOf, serviceFrom } from './service-identity';
import type { Translation } from './translation';

/** What `rewind doctor` puts on the bus to see it come out in the log. Only this source is let through by the rule of its own. */
export const probeSource = 'rewind.doctor';
export const probeDetailType = 'Rewind Probe';

/** The reserved stream of the probes: no cluster can be called so, since ECS takes no dots in the name of one. */
export function probeStreamOf({
  account,
  region,
}: {
  readonly account: string;
  readonly region: string;
}): ServiceArn {
  const arn = `arn:${partitionOf(region)}:ecs:${region}:${account}:service/rewind.doctor/probe`;
  return serviceFrom('account', arn);
}

/** Translates a probe: it stands in the log like any fact, and says nothing of a service. */
export function translateProbe(envelope: Envelope): Translation {
  const { account, region } = envelope;
  if (!account || !region) throw new InvalidNotificationError('account or region is missing');
  const fact = { id: eventIdOf(envelope), occurredAt: occurredAt(envelope, 'time', null) };
  return {
    kind: 'event',
    event: { type: 'StackProbed', ...fact, service: probeStreamOf({ account, region }) },
  };
}
