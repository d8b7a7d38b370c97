import { parseServiceArn, type ServiceArn } from '../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../state-machines/log/instant';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { Alarms } from '../aws/alarms/alarms';
import { describedFacts } from '../aws/ecs/described-events';
import type { DescribedService, Inventory } from '../aws/ecs/inventory';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { raisedAlarms } from './raised-alarms';

export interface DiscoveryParts {
  readonly inventory: Inventory;
  readonly alarms: Alarms;
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
  /** How long ago the last discovery may have been: what moved since then is looked at. */
  readonly periodSeconds: number;
  /** Called for each service that could not be looked at; the next discovery tries again. */
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

/**
 * Looks at every managed service, and appends what its deployments and tasks show and the log does
 * not hold. A rollout of which no notification arrived is found, and judged like any other.
 * Idempotent.
 */
export async function discover(parts: DiscoveryParts): Promise<DiscoveryCounts> {
  const live = new Set<ServiceArn>();
  for await (const service of parts.eventLog.servicesToWake(endOfTime)) live.add(service);
  const total = { services: 0, moving: 0, appended: 0, failed: 0 };
  for await (const services of inGroups(managedServices(parts), servicesATime)) {
    for await (const service of parts.inventory.describe(services)) {
      total.services += 1;
      const arn = parseServiceArn(service.serviceArn ?? '');
      if (!live.has(arn) && !hasMoved(service, parts)) continue;
      total.moving += 1;
      try {
        total.appended += await appendUnrecordedFacts(parts, arn, service);
      } catch (error) {
        total.failed += 1;
        parts.onFailure(arn, error as Error);
      }
    }
  }
  return total;
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

/**
 * A deployment is under way, or changed since the discovery before the last, which may have failed.
 */
function hasMoved({ deployments = [] }: DescribedService, { now, periodSeconds }: DiscoveryParts): boolean {
  const since = now() - 2 * periodSeconds * 1000;
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
