import { partsOfService, type ServiceArn } from '../../state-machines/log/identifiers';
import type { RecordedCall } from '../event-log/protection-log';
import { translate } from '../notifications/translate';
import type { AccountRegion } from '../runtime/account-regions';
import { type GuardParts, type GuardResult, guard } from './guard';
import type { GuardClients } from './guard-clients';

interface GuardRunParts extends Omit<GuardParts, 'protections' | 'targetGroups' | 'alarms' | 'call'> {
  readonly places: readonly { readonly place: AccountRegion; readonly part: GuardClients }[];
  /** Called with the result of each service that is not simply right. */
  readonly onGuarded: (result: GuardResult) => void;
  /** Whether there is time for one more service; the next run takes the others. */
  readonly hasTime: () => boolean;
}

/** How many services a run looked at, and what became of them. */
export interface GuardRunCounts {
  readonly services: number;
  readonly applied: number;
  readonly drifted: number;
  readonly failed: number;
}

/** Some accounts or regions could not be looked at; the others were. */
class UnguardedPlacesError extends AggregateError {
  override readonly name = 'UnguardedPlacesError';
}

/**
 * Guards the service of a call that CloudTrail reports, or, on any other event, every managed
 * service of every account and region. Idempotent. A call that failed changed nothing, and starts
 * no run: answering throttled calls with more calls would make it worse. An account that is out of
 * reach does not stop the others: UnguardedPlacesError is thrown at the end.
 */
export async function runGuard(parts: GuardRunParts, event: unknown): Promise<GuardRunCounts> {
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
  parts: GuardRunParts,
  {
    part: { inventory, ...clients },
    call,
  }: { readonly part: GuardClients; readonly call: RecordedCall | null },
  total: { -readonly [count in keyof GuardRunCounts]: number },
): Promise<void> {
  const services = managedServices(parts, call === null ? inventory.services() : [call.service]);
  for await (const result of guard({ ...parts, ...clients, call }, services)) {
    total.services += 1;
    if (result.outcome === 'applied') total.applied += 1;
    if (result.outcome === 'failed') total.failed += 1;
    if (result.drifted.length > 0) total.drifted += 1;
    if (result.outcome !== 'right' && result.outcome !== 'undeclared') parts.onGuarded(result);
    if (!parts.hasTime()) return;
  }
}

async function* managedServices(
  { policies }: GuardRunParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<ServiceArn> {
  for await (const service of services) if (policies.manages(service)) yield service;
}

/** The successful call that a notification reports; null for any other event. */
function callIn(event: unknown): RecordedCall | null {
  const translation = translate(event);
  if (translation.kind !== 'event') return null;
  const { event: observed } = translation;
  return observed.type === 'ServiceCreated' || observed.type === 'ServiceUpdated' ? observed : null;
}

function isOfCloudTrail(event: unknown): boolean {
  const { 'detail-type': detailType } = (event ?? {}) as { readonly 'detail-type'?: unknown };
  return detailType === 'AWS API Call via CloudTrail';
}

function isIn({ account, region }: AccountRegion, service: ServiceArn): boolean {
  const parts = partsOfService(service);
  return parts.account === account && parts.region === region;
}
