/** Why a task stopped, as ECS told it. Every field may be missing in a real notification; null stands for that. */
export interface StoppedTask {
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  readonly containers: readonly StoppedContainer[];
}
export interface StoppedContainer {
  readonly name: string;
  /** Absent when the container never started, or ECS killed it before it did. */
  readonly exitCode: number | null;
  readonly reason: string | null;
}

/** The classes of stopped tasks that count as a failure of the rollout. The names are contract. */
export const failureClasses = [
  'container-health-check',
  'load-balancer-health-check',
  'essential-container-exited',
  'out-of-memory',
  'image-pull',
  'configuration',
  'start-failed',
] as const;
/** The classes that say nothing against the revision: counted and shown, never held against the rollout. */
export const otherClasses = ['capacity', 'platform', 'intended', 'unclassified'] as const;

export type FailureClass = (typeof failureClasses)[number];
export type TaskClass = FailureClass | (typeof otherClasses)[number];

const countedClasses: ReadonlySet<TaskClass> = new Set(failureClasses);

/** Whether a task of this class counts against the revision it ran. */
export function isFailure(taskClass: TaskClass): taskClass is FailureClass {
  return countedClasses.has(taskClass);
}

interface Rule {
  readonly taskClass: TaskClass;
  readonly stopCodes?: readonly string[];
  /** Tested against stoppedReason and every container's reason. */
  readonly text?: RegExp;
}

/**
 * First match wins, from what ECS says outright to what can only be read from its texts.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html and stopped-task-errors.html
 */
const rules: readonly Rule[] = [
  { taskClass: 'intended', stopCodes: ['UserInitiated'] },
  {
    taskClass: 'intended',
    text: /scaling activity initiated by|deployment (was )?(rolled back|deleted)|task stopped by user|service (was )?deleted/i,
  },
  { taskClass: 'container-health-check', text: /failed container health checks/i },
  {
    taskClass: 'load-balancer-health-check',
    text: /failed (elb|load balancer|target group) health checks|is unhealthy in \(?(target-group|elb)/i,
  },
  { taskClass: 'platform', stopCodes: ['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth'] },
  {
    taskClass: 'platform',
    text: /spot (task was interrupted|interruption)|host ec2|is in draining state|performing maintenance|task retirement|retired|internalerror|agent (is |was )?(disconnected|not connected)|cannot(stop|inspect)container/i,
  },
  { taskClass: 'out-of-memory', text: /out ?of ?memory/i },
  {
    taskClass: 'capacity',
    text: /resource:|capacity (is |was )?(unavailable|not available)|insufficient capacity|no container instance met|unable to place a task because|network interface provisioning|capacity ?provider.*(fail|unable|insufficient)|insufficientfreeaddresses/i,
  },
  { taskClass: 'image-pull', text: /cannotpull|pull image manifest|image.*(not found|does not exist)/i },
  {
    taskClass: 'configuration',
    text: /resourceinitializationerror|resourcenotfoundexception|cannotcreatevolume|unable to (retrieve|pull) secret|registry auth|failed to (validate|initialize|create) log|invokeefsutils|unable to assume|accessdenied/i,
  },
  { taskClass: 'start-failed', stopCodes: ['TaskFailedToStart'] },
  { taskClass: 'essential-container-exited', stopCodes: ['EssentialContainerExited'] },
  { taskClass: 'essential-container-exited', text: /essential container in task exited/i },
  {
    taskClass: 'start-failed',
    text: /task ?failed ?to ?start|cannot(start|create)container|containerruntime(timeout)?error|timeout waiting for/i,
  },
];

/** Puts a stopped task in its class. Pure and total: what no rule knows is `unclassified`. */
export function classify(stopped: StoppedTask): TaskClass {
  const texts = [stopped.stoppedReason, ...stopped.containers.map((container) => container.reason)].filter(
    (text) => text !== null,
  );
  const matching = rules.find(
    (rule) =>
      (stopped.stopCode !== null && rule.stopCodes?.includes(stopped.stopCode)) ||
      texts.some((text) => rule.text?.test(text)),
  );
  return matching?.taskClass ?? 'unclassified';
}

/** The stop in one line, for people: reason, then the containers that exited with a code or said something. */
export function describeStop(stopped: StoppedTask): string {
  const containers = stopped.containers
    .filter((container) => container.exitCode !== null || container.reason !== null)
    .map((container) =>
      [container.name, container.exitCode === null ? null : `exit ${container.exitCode}`, container.reason]
        .filter((part) => part !== null)
        .join(' '),
    );
  return [stopped.stoppedReason ?? stopped.stopCode ?? 'no reason given', ...containers].join('; ');
}
