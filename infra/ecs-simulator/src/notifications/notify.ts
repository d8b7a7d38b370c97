import { type ClockTime, isoTime } from '../foundation/clock';
import type { SeededRandom } from '../foundation/seeded-random';
import type { World } from '../model/world';

/** What differs from one notification to the next. */
interface NotificationContent {
  /** `aws.ecs` when left out. */
  readonly source?: string;
  /** Now, when left out. */
  readonly at?: ClockTime | undefined;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  /** Where its id is drawn from, if not from what everything else is. */
  readonly ids?: SeededRandom;
}

/**
 * Sends a notification and returns its id. Nothing in it may change later: build the detail anew
 * for each.
 */
export function notify(world: World, notification: NotificationContent): string {
  const { source = 'aws.ecs', at = world.clock.now(), detailType, resources, detail } = notification;
  const id = (notification.ids ?? world.random).uuid();
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
export function wholeSeconds(instant: ClockTime): string {
  return `${isoTime(instant).slice(0, 19)}Z`;
}

/**
 * As task notifications write it: trailing zeros of the fraction left out (`.38Z`, or no fraction
 * at all).
 */
export function trimmedTime(instant: ClockTime | null): string | undefined {
  return instant === null ? undefined : isoTime(instant).replace(/\.?0+Z$/, 'Z');
}
