import { partsOfService, type ServiceArn } from '../../state-machines/log/identifiers';
import type { RecordedCall } from '../event-log/protection-log';
import { translate } from '../notifications/translate';
import type { Place } from '../runtime/places';
import { type Guarded, type GuardParts, guard } from './guard';
import type { GuardedPlace } from './guard-clients';

export interface KeepingParts extends Omit<GuardParts, 'protections' | 'targetGroups' | 'alarms' | 'call'> {
  readonly places: readonly { readonly place: Place; readonly part: GuardedPlace }[];
  /** Told of each service that is not simply right. */
  readonly onGuarded: (guarded: Guarded) => void;
  /** Whether there is time for one more service; the next run takes the others. */
  readonly hasTime: () => boolean;
}

export interface Kept {
  readonly services: number;
  readonly applied: number;
  readonly drifted: number;
  readonly failed: number;
}

/** Some accounts or regions could not be looked at; the others were. */
export class UnguardedPlacesError extends AggregateError {
  override readonly name = 'UnguardedPlacesError';
}

/**
 * Guards the service of a call that CloudTrail tells of, or, on any other event, every managed service of every account and region. A
 * call that failed changed nothing, and is no reason to look at all of them: throttled ones would be answered with more. Idempotent. Throws UnguardedPlacesError at the end: one that is out of reach keeps no other from its turn.
 */
export async function keepGuard(parts: KeepingParts, event: unknown): Promise<Kept> {
  const call = callIn(event);
  const total = { services: 0, applied: 0, drifted: 0, failed: 0 };
  if (call === null && isOfCloudTrail(event)) return total;
  const errors: Error[] = [];
  for (const { place, part } of parts.places) {
    if (call !== null && !isIn(place, call.service)) continue;
    try {
      await guardPlace(parts, { part, call }, total);
    } catch (error) {
      const { message } = error as Error;
      errors.push(new Error(`${place.account} in ${place.region}: ${message}`, { cause: error }));
    }
  }
  if (errors.length === 0) return total;
  throw new UnguardedPlacesError(errors, errors.map(({ message }) => message).join('; '));
}

async function guardPlace(
  parts: KeepingParts,
  {
    part: { inventory, ...place },
    call,
  }: { readonly part: GuardedPlace; readonly call: RecordedCall | null },
  total: { -readonly [count in keyof Kept]: number },
): Promise<void> {
  const services = call === null ? managed(parts, inventory) : managedOf(parts, [call.service]);
  for await (const guarded of guard({ ...parts, ...place, call }, services)) {
    total.services += 1;
    if (guarded.outcome === 'applied') total.applied += 1;
    if (guarded.outcome === 'failed') total.failed += 1;
    if (guarded.drifted.length > 0) total.drifted += 1;
    if (guarded.outcome !== 'right' && guarded.outcome !== 'undeclared') parts.onGuarded(guarded);
    if (!parts.hasTime()) return;
  }
}

async function* managed(
  { policies }: KeepingParts,
  { services }: GuardedPlace['inventory'],
): AsyncIterable<ServiceArn> {
  for await (const service of services()) if (policies.manages(service)) yield service;
}

function managedOf({ policies }: KeepingParts, services: readonly ServiceArn[]): ServiceArn[] {
  return services.filter((service) => policies.manages(service));
}

/** The call that a notification tells of; null for a call that failed, and for any other event, the schedule's for one. */
function callIn(event: unknown): RecordedCall | null {
  const translation = translate(event);
  if (translation.kind !== 'event') return null;
  const { event: told } = translation;
  return told.type === 'ServiceCreated' || told.type === 'ServiceUpdated' ? told : null;
}

function isOfCloudTrail(event: unknown): boolean {
  const { 'detail-type': detailType } = (event ?? {}) as { readonly 'detail-type'?: unknown };
  return detailType === 'AWS API Call via CloudTrail';
}

function isIn({ account, region }: Place, service: ServiceArn): boolean {
  const parts = partsOfService(service);
  return parts.account === account && parts.region === region;
}
