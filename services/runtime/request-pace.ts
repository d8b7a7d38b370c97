import type { WaitingClock } from './clock';

interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * The token buckets of an account and region for what the guard calls:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const buckets = {
  serviceRead: { burst: 100, perSecond: 20 },
  serviceModify: { burst: 50, perSecond: 5 },
  targetGroupRead: { burst: 40, perSecond: 10 },
  alarmRead: { burst: 9, perSecond: 9 },
  alarmPut: { burst: 3, perSecond: 3 },
  alarmDelete: { burst: 3, perSecond: 3 },
} as const satisfies { readonly [name: string]: Bucket };

const bucketOf: { readonly [command: string]: keyof typeof buckets } = {
  ListServicesCommand: 'serviceRead',
  DescribeServicesCommand: 'serviceRead',
  UpdateServiceCommand: 'serviceModify',
  DescribeTargetGroupsCommand: 'targetGroupRead',
  DescribeAlarmsCommand: 'alarmRead',
  PutMetricAlarmCommand: 'alarmPut',
  DeleteAlarmsCommand: 'alarmDelete',
};

/** The account's deployments and Rewind's own reconciler draw from the same buckets. */
const share = 0.5;

/**
 * Keeps calls to half of what AWS admits, so that a look at thousands of services takes nothing
 * away from deployments. The SDK's own `retryMode: 'adaptive'` cannot do this: it measures a rate
 * only once AWS has throttled a call, and by then it throttles the deployments that draw from the
 * same buckets as well.
 */
export class RequestPace {
  readonly #clock: WaitingClock;
  readonly #levels = new Map<keyof typeof buckets, { tokens: number; at: number }>();

  constructor(clock: WaitingClock) {
    this.#clock = clock;
  }

  /** For the middleware of a client, before anything else: each call waits for its turn. */
  readonly middleware =
    <Call, Answer>(next: (call: Call) => Promise<Answer>, { commandName = '' }: { commandName?: string }) =>
    async (call: Call): Promise<Answer> => {
      await this.#turn(commandName);
      return next(call);
    };

  /** Takes a token, ahead of its time where there is none, and waits until it is due. */
  async #turn(command: string): Promise<void> {
    const name = bucketOf[command];
    if (name === undefined) return;
    const burst = Math.max(1, buckets[name].burst * share);
    const perSecond = buckets[name].perSecond * share;
    const now = this.#clock.now();
    const { tokens, at } = this.#levels.get(name) ?? { tokens: burst, at: now };
    const left = Math.min(burst, tokens + ((now - at) / 1000) * perSecond) - 1;
    this.#levels.set(name, { tokens: left, at: now });
    if (left < 0) await this.#clock.wait(Math.ceil((-left / perSecond) * 1000));
  }
}
