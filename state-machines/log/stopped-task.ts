/**
 * Why a task stopped, as ECS told it. Every field may be missing in a real notification; null
 * stands for that.
 */
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
/**
 * The classes that say nothing against the revision: counted and shown, never held against the
 * rollout.
 */
export const otherClasses = ['capacity', 'platform', 'intended', 'unclassified'] as const;

export type FailureClass = (typeof failureClasses)[number];
export type TaskClass = FailureClass | (typeof otherClasses)[number];

const countedClasses: ReadonlySet<TaskClass> = new Set(failureClasses);

/** Whether a task of this class counts against the revision it ran. */
export function isFailure(taskClass: TaskClass): taskClass is FailureClass {
  return countedClasses.has(taskClass);
}

/**
 * All that a rule names must hold. Texts are in lower case, and begin with what ECS calls the
 * error.
 */
interface Rule {
  readonly taskClass: TaskClass;
  readonly stopCode?: string;
  /** Tested against stoppedReason: what the scheduler or a person says of the task as a whole. */
  readonly stoppedReason?: RegExp;
  /**
   * Tested against stoppedReason and every container's reason: what went wrong, wherever it was
   * noted.
   */
  readonly anyReason?: RegExp;
}

/**
 * First match wins: who stopped the task, then what ECS found wrong with it, then the stop code
 * alone. Most texts are anchored, since people write the names of errors into their own. The
 * category of an error decides, not its distant cause: a secret that could not be read because of
 * throttling is `configuration`, as ECS files it, and a pull that timed out `image-pull`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html and the
 * pages it links, with the older texts of stopped-task-errors.html;
 * test/state-machines/log/stopped-tasks holds a labelled sample of each.
 */
const rules: readonly Rule[] = [
  { taskClass: 'intended', stopCode: 'UserInitiated' },
  { taskClass: 'intended', stoppedReason: /^scaling activity initiated by/ },
  { taskClass: 'platform', stopCode: 'SpotInterruption' },
  { taskClass: 'platform', stopCode: 'TerminationNotice' },
  { taskClass: 'platform', stopCode: 'InfrastructureHealth' },
  {
    taskClass: 'intended',
    stoppedReason: anyOf(
      /^(task )?(was )?stopped by (a )?user/,
      /^(service )?(deployment|task ?set) .*(rolled back|deleted)/,
      /^service (\S+ )?(was )?deleted/,
      /availability zone rebalanc/,
    ),
  },
  {
    taskClass: 'container-health-check',
    stoppedReason: /^(task |\(task \S+\) )?failed container health checks/,
  },
  {
    taskClass: 'load-balancer-health-check',
    stoppedReason: anyOf(
      /^(task )?failed (elb|load balancer|target group|vpc lattice) health checks/,
      /is unhealthy in \(?(target-group|elb|vpc lattice)/,
    ),
  },
  {
    taskClass: 'platform',
    stoppedReason: anyOf(
      /^(your )?spot (task|instance)/,
      /^spotinterruption/,
      /^host ec2/,
      /^container instance .*(draining|deregist|terminated)/,
      /performing maintenance on the underlying/,
      /task retirement/,
      /scheduled for retirement/,
      /^agent$/,
      /agent (is |was |that's )?(currently )?(disconnected|not connected)/,
    ),
  },
  { taskClass: 'platform', anyReason: /^internalerror/ },
  {
    taskClass: 'out-of-memory',
    anyReason: anyOf(/^out ?of ?memory/, /container killed due to memory usage/, /oom-?killed/),
  },
  {
    taskClass: 'capacity',
    anyReason: anyOf(
      /^no container instances? (met|were found)/,
      /^resource:/,
      /^(attribute|port)$/,
      /^memberof/,
      /insufficient ?(capacity|cpu|memory|free)/,
      /^capacity (is )?unavailable/,
      /^capacity ?provider/,
      /limit on the number of (tasks|vcpus)/,
      /already using a port/,
      /timeout waiting for .* provisioning/,
      /^network interface provision/,
      /error while attempting to .* network interface/,
      /unable to attach network interface/,
      /failed to configure eni/,
    ),
  },
  {
    taskClass: 'image-pull',
    anyReason: anyOf(
      /^cannotpull/,
      /^the task can(not|'t) pull (the image|['"])/,
      /^(pull image manifest|ref pull) has been retried/,
      /^pull access denied/,
      /^(failed|unable) to pull (the )?(image|container)/,
    ),
  },
  {
    taskClass: 'configuration',
    anyReason: anyOf(
      /^resource(initializationerror|notfoundexception)/,
      /^cannotcreatevolumeerror/,
      /^unable to (pull secrets|retrieve (secret|ecr registry auth))/,
      /^the task can(not|'t) (pull|retrieve|find) /,
      /^fetching secret data/,
      /unable to assume the /,
      /failed to (initialize logging driver|validate logger args|create cloudwatch log|download env files|invoke efs utils)/,
      /error while mounting volume/,
      /^ecs (failed|was unable) to (create|attach|configure).* volume/,
    ),
  },
  {
    taskClass: 'start-failed',
    anyReason: anyOf(
      /^cannot(start|create)container/,
      /^(docker|containerruntime)timeouterror: could not transition to (?!stopped)/,
      /^containerruntimeerror/,
      /^dockerstateerror/,
    ),
  },
  { taskClass: 'essential-container-exited', stopCode: 'EssentialContainerExited' },
  { taskClass: 'essential-container-exited', stoppedReason: /^essential container (in task )?exited/ },
  {
    taskClass: 'platform',
    anyReason: anyOf(
      /^cannot(stop|inspect|describe|remove)container/,
      /timeouterror: could not transition to stopped/,
      /^containervanishederror/,
      /^networknamespaceerror/,
      /^eniinformationerror/,
    ),
  },
  { taskClass: 'start-failed', stopCode: 'TaskFailedToStart' },
  { taskClass: 'start-failed', stoppedReason: /^task failed to start/ },
];

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'));
}

/** Puts a stopped task in its class. Pure and total: what no rule knows is `unclassified`. */
export function classify({ stopCode, stoppedReason, containers }: StoppedTask): TaskClass {
  const reason = stoppedReason === null ? '' : essenceOf(stoppedReason);
  const reasons = [reason, ...containers.map((container) => essenceOf(container.reason ?? ''))];
  const matching = rules.find(
    (rule) =>
      (rule.stopCode === undefined || rule.stopCode === stopCode) &&
      (rule.stoppedReason === undefined || rule.stoppedReason.test(reason)) &&
      (rule.anyReason === undefined || reasons.some((text) => rule.anyReason?.test(text))),
  );
  return matching?.taskClass ?? 'unclassified';
}

/**
 * What ECS puts before an error: the service, that it could not be placed, that it failed to start,
 * the state.
 */
const preamble =
  /^(\(?service \S+?\)?:? (?=ecs|task|container|was unable|\())?(was unable to place a task(\. reason:| because) )?(taskfailedtostart: |stopped \()?/;

function essenceOf(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[‘’]/g, "'").replace(preamble, '');
}

/**
 * How containers end that are stopped because another one did: by themselves, by SIGKILL, by
 * SIGTERM.
 */
const exitCodesOfTheStopped: readonly (number | null)[] = [0, 137, 143];

/**
 * The container to look at first: one that says what is wrong, else one that failed by itself; null
 * when none said anything.
 */
export function culpritOf({ containers }: StoppedTask): StoppedContainer | null {
  return (
    containers.find(({ reason }) => reason !== null) ??
    containers.find(({ exitCode }) => exitCode !== null && !exitCodesOfTheStopped.includes(exitCode)) ??
    containers.find(({ exitCode }) => exitCode !== null) ??
    null
  );
}

/**
 * The stop in one line, for people: reason, then the containers that exited with a code or said
 * something.
 */
export function describeStop(stopped: StoppedTask): string {
  const containers = stopped.containers.flatMap(({ name, exitCode, reason }) => {
    const exit = exitCode === null ? null : `exit ${exitCode}`;
    // ECS often gives the reason of the container that could not start as that of its task.
    const own = reason === stopped.stoppedReason ? null : reason;
    return exit === null && own === null ? [] : [[name, exit, own].filter((part) => part !== null).join(' ')];
  });
  return [stopped.stoppedReason ?? stopped.stopCode ?? 'no reason given', ...containers].join('; ');
}
