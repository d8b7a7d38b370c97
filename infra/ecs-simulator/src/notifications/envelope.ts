import { formatInstant, type Instant } from '../../../../state-machines/log/instant';
import type { World } from '../world';

/** A notification as EventBridge delivers it: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** Whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What differs from one notification to the next. */
export interface Notification {
  /** `aws.ecs` when left out. */
  readonly source?: string;
  /** Now, when left out. */
  readonly at?: Instant | undefined;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Sends a notification and returns its id. Nothing in it may change later: build the detail anew for each. */
export function notify(world: World, notification: Notification): string {
  const { source = 'aws.ecs', at = world.clock.now(), detailType, resources, detail } = notification;
  const id = world.random.uuid();
  world.emit({
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: world.accountId,
    time: wholeSeconds(at),
    region: world.region,
    resources,
    detail,
  });
  return id;
}

/** RFC 3339 without a fraction. */
export function wholeSeconds(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 19)}Z`;
}

/** As task notifications write it: trailing zeros of the fraction left out (`.38Z`, or no fraction at all). */
export function trimmedInstant(instant: Instant | null): string | undefined {
  return instant === null ? undefined : formatInstant(instant).replace(/\.?0+Z$/, 'Z');
}
