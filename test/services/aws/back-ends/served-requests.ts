import type { MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import type { ArmCounts } from '../../../../state-machines/log/measuring/measurement';
import { randomFrom } from '../../../fixtures/histories/random';

export const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');

/** Version 8 takes the place of version 7. */
export const versions: readonly MeasuredVersion[] = [
  { taskDefinition: 'web:8', deployment: 'ecs-svc/8', targetGroup: 'arn:aws:elb:::targetgroup/green/2' },
  { taskDefinition: 'web:7', deployment: 'ecs-svc/7', targetGroup: 'arn:aws:elb:::targetgroup/blue/1' },
];

/** A request that a task of a version answered. */
export interface ServedRequest {
  readonly at: number;
  readonly version: MeasuredVersion;
  readonly task: string;
  readonly isError: boolean;
}

const start = Date.UTC(2026, 0, 1, 12);

/** The end of the first minute, the second and so on. */
export function minuteEnd(minute: number): Instant {
  return instantFrom(start + minute * 60_000);
}

/** Of six minutes. */
export const windows: readonly Instant[] = [1, 2, 3, 4, 5, 6].map(minuteEnd);

/** The new one errs, has no users in one minute, and in another one no errors. */
function servedRequests(): ServedRequest[] {
  const random = randomFrom(7);
  return windows.flatMap((until, minute) =>
    versions.flatMap((version, index) => {
      const count = index === 1 ? 90 : minute === 2 ? 0 : 30;
      const errorShare = index === 1 ? 0.02 : minute === 4 ? 0 : 0.2;
      return Array.from({ length: count }, () => ({
        at: until - 60_000 + Math.floor(random() * 59_999),
        version,
        task: `${version.taskDefinition.replace(':', '')}${random() < 0.5 ? 'a' : 'b'}`,
        isError: random() < errorShare,
      }));
    }),
  );
}

export const requests: readonly ServedRequest[] = servedRequests().sort((a, b) => a.at - b.at);

/** What was answered in the minute that ends then. */
export function servedIn(until: Instant, version: MeasuredVersion): ArmCounts {
  const own = requests.filter(({ at, version: of }) => of === version && at >= until - 60_000 && at < until);
  return { requests: own.length, events: own.filter(({ isError }) => isError).length };
}
