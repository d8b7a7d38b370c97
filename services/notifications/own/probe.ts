import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Envelope, eventIdOf } from '../envelope';
import { occurredAt } from '../occurred-at';
import { InvalidNotificationError } from '../parse-part';
import { partitionOf, serviceFrom } from '../service-identity';
import type { Translation } from '../translation';
import { probeSource } from './probe-stream';

/** The stream reserved for probes, whose ARN no service has. */
export function probeStreamOf({
  account,
  region,
}: {
  readonly account: string;
  readonly region: string;
}): ServiceArn {
  const arn = `arn:${partitionOf(region)}:ecs:${region}:${account}:service/${probeSource}/probe`;
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
