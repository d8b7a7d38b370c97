import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';

/**
 * The source of what `rewind doctor` puts on the bus to see it arrive in the log. The probe's rule
 * lets this source through and no other. ECS takes no dots in a cluster's name, so no service is in
 * the cluster of that name, which is that of the stream reserved for probes.
 */
export const probeSource = 'rewind.doctor';
export const probeDetailType = 'Rewind Probe';

/** Whether the service is none, but the stream of the probes. */
export function isProbeStream(service: ServiceArn): boolean {
  return partsOfService(service).cluster === probeSource;
}
