import { parseServiceArn, type ServiceArn } from '../../state-machines/log/identifiers';
import { type Instant, instantFrom, secondsAfter } from '../../state-machines/log/instant';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { Alarms } from '../aws/alarms/alarms';
import { describedFacts } from '../aws/ecs/described-events';
import type { DescribedService, Inventory } from '../aws/ecs/inventory';
import type { EventLog, PlaceLook } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import type { AccountRegion } from '../runtime/account-regions';
import { raisedAlarms } from './raised-alarms';

export interface DiscoveryParts {
  /** Of which the inventory tells. */
  readonly place: AccountRegion;
  readonly inventory: Inventory;
  readonly alarms: Alarms;
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
  /** How long after the last discovery this one is to be. */
  readonly periodSeconds: number;
  /** Called for each service that could not be looked at; the next discovery looks at it again. */
  readonly onFailure: (service: ServiceArn, error: Error) => void;
}

/** What a discovery found. */
export interface DiscoveryCounts {
  readonly services: number;
  /** Services whose deployments and tasks were looked at. */
  readonly moving: number;
  /** Facts that no notification had reported. */
  readonly appended: number;
  readonly failed: number;
}

/** So many services are described together, and no more are held in memory. */
const servicesATime = 100;
const endOfTime = instantFrom(8.64e15);
/** What moved before that is history, also where nobody has looked since. */
const longestLookSeconds = 86_400;
/** So many are remembered by name; where there are more, the place counts as not looked at. */
const missedAtMost = 1000;

/**
 * Looks at every managed service, and appends what its deployments and tasks show and the log does
 * not hold. A rollout of which no notification arrived is found, and judged like any other. What
 * moved while a place or a service could not be looked at is looked at later, for up to a day.
 * Idempotent.
 */
export async function discover(parts: DiscoveryParts): Promise<DiscoveryCounts> {
  const { eventLog, place, now } = parts;
  const at = now();
  const before = await lookBefore(parts);
  const since = beginningOfLook(before, parts);
  const wanted = new Set(before.missed);
  for await (const service of eventLog.servicesToWake(endOfTime)) wanted.add(service);
  const total = { services: 0, moving: 0, appended: 0, failed: 0 };
  const missed: ServiceArn[] = [];
  for await (const services of inGroups(managedServices(parts), servicesATime)) {
    for await (const service of parts.inventory.describe(services)) {
      total.services += 1;
      const arn = parseServiceArn(service.serviceArn ?? '');
      if (!wanted.has(arn) && !hasMoved(service, since)) continue;
      total.moving += 1;
      try {
        total.appended += await appendUnrecordedFacts(parts, arn, service);
      } catch (error) {
        missed.push(arn);
        parts.onFailure(arn, error as Error);
      }
    }
  }
  if (missed.length <= missedAtMost) await eventLog.keepLook(place, { at, missed });
  return { ...total, failed: missed.length };
}

/** The first of all leaves behind where it began, should ECS be out of reach. */
async function lookBefore({ eventLog, place, now, periodSeconds }: DiscoveryParts): Promise<PlaceLook> {
  const before = await eventLog.lastLook(place);
  if (before !== null) return before;
  const first = { at: secondsAfter(now(), -periodSeconds), missed: [] };
  await eventLog.keepLook(place, first);
  return first;
}

/** A period earlier than it began: that look may have missed what ECS did not show yet. */
function beginningOfLook({ at }: PlaceLook, { now, periodSeconds }: DiscoveryParts): Instant {
  const beginning = secondsAfter(at, -periodSeconds);
  const earliest = secondsAfter(now(), -longestLookSeconds);
  return beginning > earliest ? beginning : earliest;
}

async function* managedServices({ inventory, policies }: DiscoveryParts): AsyncIterable<ServiceArn> {
  for await (const service of inventory.services()) if (policies.manages(service)) yield service;
}

async function* inGroups<Item>(items: AsyncIterable<Item>, size: number): AsyncIterable<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** A deployment is under way, or changed since. */
function hasMoved({ deployments = [] }: DescribedService, since: Instant): boolean {
  return deployments.some(({ rolloutState, updatedAt, createdAt }) => {
    const changedAt = (updatedAt ?? createdAt)?.getTime() ?? 0;
    return (rolloutState !== undefined && rolloutState !== 'COMPLETED') || changedAt > since;
  });
}

async function appendUnrecordedFacts(
  { inventory, alarms, eventLog, now }: DiscoveryParts,
  arn: ServiceArn,
  service: DescribedService,
): Promise<number> {
  let appended = 0;
  const append = async (event: ObservedEvent) => {
    const result = await eventLog.append({ event, recordedAt: now(), notification: null });
    if (result === 'appended') appended += 1;
  };
  for (const event of await raisedAlarms({ eventLog, alarms }, arn)) await append(event);
  for (const event of await describedFacts(inventory, service)) await append(event);
  return appended;
}
