import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { type Envelope, eventIdOf } from '../envelope';
import { occurredAt } from '../occurred-at';
import { InvalidNotificationError } from '../parse-part';
import { partitionOf, serviceFrom } from '../service-identity';
import type { Translation } from '../translation';

/**
 * The source of what `rewind doctor` puts on the bus to see it arrive in the log. The probe's rule
 * lets this source through and no other.
 */
export const probeSource = 'rewind.doctor';
export const probeDetailType = 'Rewind Probe';

/**
 * The stream reserved for probes: ECS takes no dots in a cluster's name, so no service has this
 * ARN.
 */
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

/** Translates a probe: it stands in the log like any fact, but is about no service. */
export function translateProbe(envelope: Envelope): Translation {
  const { account, region } = envelope;
  if (!account || !region) throw new InvalidNotificationError('account or region is missing');
  const fact = { id: eventIdOf(envelope), occurredAt: occurredAt(envelope, 'time', null) };
  return {
    kind: 'event',
    event: { type: 'StackProbed', ...fact, service: probeStreamOf({ account, region }) },
  };
}

/** Whether the service is none, but the stream of the probes. */
export function isProbeStream(service: ServiceArn): boolean {
  return partsOfService(service).cluster === probeSource;
}
