import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { ServiceSetting } from './service-setting';
import type { SimulatedService } from './simulated-service';

/** ECS looks at alarms so often; half of it, on average. */
const alarmPollSeconds = 8;
/** How long ECS bakes for an alarm of two periods of a minute, where no time is given. */
const alarmBakeSeconds = 120;

/** The strict breaker: the first failed task, whatever gets healthy in between. */
export const strictBreaker = {
  enable: true,
  rollback: true,
  resetOnHealthyTask: false,
  thresholdConfiguration: { type: 'COUNT', value: 1 },
} as const;
export const defaultBreaker = { enable: true, rollback: true } as const;

/**
 * Counts what ECS's own protection would count, in a run that has none: up to its verdict a run
 * with it is the same.
 */
export class NativeJudge {
  readonly #service: SimulatedService;
  readonly #hasAlarm: boolean;
  readonly #verdicts: { default: number | null; strict: number | null } = { default: null, strict: null };
  readonly #alarms: { readonly value: string; readonly at: number }[] = [];
  #completedAt: number | null = null;

  constructor(service: SimulatedService, { hasAlarm }: ServiceSetting) {
    this.#service = service;
    this.#hasAlarm = hasAlarm;
  }

  take({ detail, 'detail-type': type }: Notification): void {
    const now = this.#service.clock.now();
    const { lastStatus, startedBy, eventName, deploymentId, state } = detail as Record<string, unknown>;
    const { judged } = this.#service;
    if (type === 'ECS Task State Change' && lastStatus === 'STOPPED' && startedBy === judged) {
      // The count follows the notification, in the same instant.
      const isOpen = this.#completedAt === null && this.#verdicts.default === null;
      if (isOpen) this.#service.in(0, () => this.#count());
    }
    if (eventName === 'SERVICE_DEPLOYMENT_COMPLETED' && deploymentId === judged) this.#completedAt ??= now;
    if (type === 'CloudWatch Alarm State Change')
      this.#alarms.push({ value: (state as { value: string }).value, at: now });
  }

  verdicts(): { readonly default: number | null; readonly strict: number | null } {
    const alarmAt = this.#hasAlarm ? this.#alarmVerdict() : null;
    return {
      default: earlier(this.#verdicts.default, alarmAt),
      strict: earlier(this.#verdicts.strict, alarmAt),
    };
  }

  #count(): void {
    const now = this.#service.clock.now();
    const { failedTasks, desiredCount, deployment } = this.#service.breakerCount();
    if (deployment !== this.#service.judged) return;
    if (failedTasks > 0) this.#verdicts.strict ??= now;
    const threshold = Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
    if (failedTasks >= threshold) this.#verdicts.default ??= now;
  }

  /** An alarm that is raised already when the deployment starts makes ECS ignore them all. */
  #alarmVerdict(): number | null {
    const from = this.#service.judgedAt + 2000;
    const until =
      this.#completedAt === null ? Number.POSITIVE_INFINITY : this.#completedAt + alarmBakeSeconds * 1000;
    if (this.#alarms.findLast(({ at }) => at <= from)?.value === 'ALARM') return null;
    const seen = this.#alarms.find(({ value, at }, index) => {
      const endsAt = this.#alarms[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      const polledAt = at + alarmPollSeconds * 1000;
      return value === 'ALARM' && at > from && polledAt < endsAt && polledAt < until;
    });
    return seen === undefined ? null : seen.at + alarmPollSeconds * 1000;
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
