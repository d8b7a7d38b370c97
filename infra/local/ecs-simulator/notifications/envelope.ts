import { formatInstant, type Instant } from '../../../../state-machines/identifiers';
import type { World } from '../world';

/** A notification as EventBridge delivers it: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: 'aws.ecs';
  readonly account: string;
  /** Whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What differs from one notification to the next. */
export interface Notification {
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Sends a notification that took place now. Nothing in it may change later: build the detail anew for each. */
export function notify(world: World, { detailType, resources, detail }: Notification): void {
  world.emit({
    version: '0',
    id: world.random.uuid(),
    'detail-type': detailType,
    source: 'aws.ecs',
    account: world.accountId,
    time: wholeSeconds(world.clock.now()),
    region: world.region,
    resources,
    detail,
  });
}

/** RFC 3339 without a fraction. */
export function wholeSeconds(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 19)}Z`;
}

/** As task notifications write it: trailing zeros of the fraction left out (`.38Z`, or no fraction at all). */
export function trimmedInstant(instant: Instant | null): string | undefined {
  return instant === null ? undefined : formatInstant(instant).replace(/\.?0+Z$/, 'Z');
}
