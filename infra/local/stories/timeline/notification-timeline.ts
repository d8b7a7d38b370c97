import type { Instant } from '../../../../state-machines/log/instant';
import type { Notification } from '../../../ecs-simulator/src/ecs-simulator';

type Detail = Readonly<Record<string, unknown>>;

/** How many like endings of tasks are told of each deployment: the others are more of the same. */
const toldEndings = 3;

/** Reasons that say no more than the state. */
const ordinaryReason = /^ECS deployment \S+ (in progress|completed)\.$/;

/**
 * Tells notifications as a person reads them: one line for each that says something of a rollout.
 */
export class NotificationTimeline {
  readonly #origin: Instant;
  readonly #print: (line: string) => void;
  /** By deployment id. */
  readonly #taskDefinitions = new Map<string, string>();
  readonly #endings = new Map<string, number>();

  constructor(origin: Instant, print: (line: string) => void) {
    this.#origin = origin;
    this.#print = print;
  }

  /** Tells what somebody does or decides. */
  tell(at: Instant, who: string, text: string): void {
    this.#print(`${formatSince(this.#origin, at)}  ${who.padEnd(9)} ${text}`);
  }

  /** What a deployment runs, in short; its id while nobody has told. */
  taskDefinitionOf(deployment: string): string {
    return this.#taskDefinitions.get(deployment) ?? deployment;
  }

  /** Tells what a notification says, or nothing. */
  tellNotification(at: Instant, envelope: Notification): void {
    const { detail } = envelope;
    switch (envelope['detail-type']) {
      case 'AWS API Call via CloudTrail':
        this.#tellCall(at, detail);
        return;
      case 'ECS Deployment State Change':
        this.#tellDeployment(at, detail, envelope.resources[0] ?? '');
        return;
      case 'ECS Task State Change':
        this.#tellTask(at, detail);
        return;
      case 'ECS Service Action':
        this.tell(
          at,
          'ECS',
          `${nameIn(envelope.resources[0])}: ${[detail.eventName, detail.reason].filter(Boolean).join(', ')}`,
        );
        return;
      case 'ECS Hook State Change':
        this.tell(
          at,
          'ECS',
          `${nameIn(String(detail.serviceArn))}: ${detail.eventName} at ${detail.lifecycleStage}`,
        );
        return;
      case 'CloudWatch Alarm State Change':
        this.tell(at, 'alarm', `${detail.alarmName} is ${(detail.state as { value: string }).value}`);
        return;
      default:
        return;
    }
  }

  #tellCall(at: Instant, detail: Detail): void {
    const { service, serviceName } = detail.requestParameters as { service?: string; serviceName?: string };
    // Who stops or continues a service deployment says so, and ECS says what comes of it.
    if (service === undefined && serviceName === undefined) return;
    const who = (detail.userIdentity as { userName: string }).userName;
    const name = nameIn(service ?? serviceName);
    if (detail.errorCode !== undefined) {
      this.tell(
        at,
        who,
        `${detail.eventName} ${name} is refused: ${detail.errorCode}: ${detail.errorMessage}`,
      );
      return;
    }
    const answered = (
      detail.responseElements as { service: { deployments: Deployment[]; desiredCount: number } }
    ).service;
    for (const { id, taskDefinition } of answered.deployments) {
      this.#taskDefinitions.set(id, nameIn(taskDefinition));
    }
    const primary = nameIn(answered.deployments[0]?.taskDefinition);
    this.tell(at, who, `${detail.eventName} ${name}: ${answered.desiredCount} × ${primary}`);
  }

  #tellDeployment(at: Instant, { deploymentId, eventName, reason }: Detail, service: string): void {
    const taskDefinition = this.#taskDefinitions.get(String(deploymentId));
    // It has just begun: the line of the call that began it says as much.
    if (taskDefinition === undefined) return;
    const state = String(eventName).replace('SERVICE_DEPLOYMENT_', '');
    const why = ordinaryReason.test(String(reason)) ? '' : `: ${reason}`;
    this.tell(at, 'ECS', `${nameIn(service)}: deployment of ${taskDefinition} ${state}${why}`);
  }

  #tellTask(at: Instant, detail: Detail): void {
    const { lastStatus, stopCode, stoppedReason, startedBy, taskDefinitionArn } = detail;
    const isIntended = String(stoppedReason).startsWith('Scaling activity');
    if (lastStatus !== 'STOPPED' || isIntended) return;
    const ending = `${startedBy} ${stopCode} ${stoppedReason}`;
    const count = (this.#endings.get(ending) ?? 0) + 1;
    this.#endings.set(ending, count);
    if (count > toldEndings) return;
    const containers = detail.containers as readonly { exitCode?: number; reason?: string }[];
    const exits = containers.map(({ exitCode, reason }) => [
      reason,
      exitCode === undefined ? '' : `exit code ${exitCode}`,
    ]);
    const more = exits.flat().filter((text) => text && text !== stoppedReason);
    const last = count === toldEndings ? '; more of these are not told' : '';
    this.tell(
      at,
      'ECS',
      `${nameIn(String(taskDefinitionArn))}: a task stopped: ${[stoppedReason, ...more].join(', ')}${last}`,
    );
  }
}

interface Deployment {
  readonly id: string;
  readonly taskDefinition: string;
}

/** `1:02:03` since the origin. */
export function formatSince(origin: Instant, at: Instant): string {
  const seconds = Math.floor((at - origin) / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return [Math.floor(seconds / 3600), ...parts].join(':');
}

/** The last part of an ARN; a name as it is. */
export function nameIn(arn: string | undefined): string {
  return (arn ?? '').slice((arn ?? '').lastIndexOf('/') + 1);
}
