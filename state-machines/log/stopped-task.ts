import { certainTexts, transientTexts } from './stop-reasons/cause-texts';
import { reasonLayers } from './stop-reasons/reason-layers';
import { essentialContainerExited, failedDependency, stopRules } from './stop-reasons/stop-rules';

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

/** Puts a stopped task in its class. Pure and total: what no rule knows is `unclassified`. */
export function classify(stopped: StoppedTask): TaskClass {
  return ruleFor(stopped)?.taskClass ?? 'unclassified';
}

/** Whether ECS has said why the task stops, so that no later notification will say otherwise. */
function isCauseTold(stopped: StoppedTask): boolean {
  const rule = ruleFor(stopped);
  return rule !== undefined && rule.isLastResort !== true;
}

function ruleFor(stopped: StoppedTask) {
  const reason = reasonLayers(stopped.stoppedReason ?? '');
  const ended = hasEndedByItself(stopped, reason);
  // Only once a rule asks for them: most tasks stop as the first rules say.
  let causes: readonly string[] | undefined;
  const isCausedBy = (pattern: RegExp) => {
    causes ??= causesIn(stopped, reason, ended);
    return holds(pattern, causes);
  };
  return stopRules.find(
    (rule) =>
      (rule.stopCode === undefined || rule.stopCode === stopped.stopCode) &&
      (rule.stoppedReason === undefined || holds(rule.stoppedReason, reason)) &&
      (rule.anyReason === undefined || isCausedBy(rule.anyReason)) &&
      (rule.ended === undefined || ended),
  );
}

/** Whether ECS says in so many words that it scaled in: the usual stop, told without any rule. */
export function isReplaced({ stopCode, stoppedReason }: StoppedTask): boolean {
  return (
    stopCode === 'ServiceSchedulerInitiated' &&
    stoppedReason?.startsWith('Scaling activity initiated') === true
  );
}

/** What stopped the task is asked before what its containers say. */
function causesIn(stopped: StoppedTask, reason: readonly string[], ended: boolean): readonly string[] {
  const hasCause = stopRules.some(({ anyReason }) => anyReason !== undefined && holds(anyReason, reason));
  return hasCause ? reason : saidByContainers(stopped, ended);
}

/**
 * What a failure says of a further try, as a label beside its class: `certain`, that it will fail
 * as well while the release is as it is; `transient`, that it may succeed.
 */
export const causeKinds = ['certain', 'transient'] as const;
export type CauseKind = (typeof causeKinds)[number];

/** Where a try may be all it takes. What starts and then ends by itself is the release's own. */
const kindsByClass: { readonly [taskClass in TaskClass]?: readonly CauseKind[] } = {
  'image-pull': causeKinds,
  configuration: causeKinds,
  'start-failed': ['certain'],
};

/** The label of a failure of this class; null where the texts of ECS say neither. Pure. */
export function causeKindOf(stopped: StoppedTask, taskClass: TaskClass): CauseKind | null {
  const kinds = kindsByClass[taskClass] ?? [];
  if (kinds.length === 0) return null;
  const reason = reasonLayers(stopped.stoppedReason ?? '');
  const texts = causesIn(stopped, reason, hasEndedByItself(stopped, reason));
  const kind = holds(transientTexts, texts) ? 'transient' : holds(certainTexts, texts) ? 'certain' : null;
  return kind !== null && kinds.includes(kind) ? kind : null;
}

function holds(pattern: RegExp, texts: readonly string[]): boolean {
  return texts.some((text) => pattern.test(text));
}

/**
 * Whether the task stopped because a container that ran did. One that ended with 143 was told to
 * stop: for another one, which may be the one that never started.
 */
function hasEndedByItself({ stopCode, containers }: StoppedTask, reason: readonly string[]): boolean {
  const isEssentialExit = stopCode === 'EssentialContainerExited' || holds(essentialContainerExited, reason);
  return isEssentialExit && containers.some(({ exitCode }) => exitCode !== null && exitCode !== 143);
}

/**
 * What the containers say. Where one ran and ended the task, what one that never started says (a
 * sidecar that could not be pulled) is not why, unless it waited for the one that ended.
 */
function saidByContainers({ containers }: StoppedTask, ended: boolean): readonly string[] {
  return containers.flatMap(({ exitCode, reason }) => {
    const texts = reason === null ? [] : reasonLayers(reason);
    return !ended || exitCode !== null || holds(failedDependency, texts) ? texts : [];
  });
}

/**
 * How containers end that are stopped because another one did: by themselves, by SIGKILL, by
 * SIGTERM.
 */
const exitCodesOfTheStopped: readonly (number | null)[] = [0, 137, 143];

/**
 * The container to look at first: one that ran and says what is wrong, else one that failed by
 * itself, else one that says why it never ran; null when none said anything.
 */
export function culpritOf({ containers }: StoppedTask): StoppedContainer | null {
  return (
    containers.find(({ exitCode, reason }) => exitCode !== null && reason !== null) ??
    containers.find(({ exitCode }) => exitCode !== null && !exitCodesOfTheStopped.includes(exitCode)) ??
    containers.find(({ reason }) => reason !== null) ??
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

/** A task as a notification or a Describe call shows it. */
interface ShownTask {
  readonly lastStatus: string;
  readonly desiredStatus: string | null;
  /** What is told of its end so far. */
  readonly told: () => StoppedTask;
}

/**
 * The statuses between RUNNING and STOPPED.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
const stoppingStatuses: ReadonlySet<string> = new Set(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING']);

/**
 * Why the task stops, as soon as ECS says it: behind a load balancer that is minutes before the
 * task has stopped. Null while it is to run, and while the cause is open: a stop code alone, an
 * exit code or a scheduler's reason that is still to come. Pure.
 */
export function endTold({ lastStatus, desiredStatus, told }: ShownTask): StoppedTask | null {
  if (hasStopped(lastStatus)) return told();
  const isOnItsWay = desiredStatus === 'STOPPED' || stoppingStatuses.has(lastStatus);
  if (!isOnItsWay) return null;
  const stopped = told();
  // How the containers of a replaced task end is told once it has stopped.
  if (isReplaced(stopped)) return { ...stopped, containers: [] };
  return isCauseTold(stopped) ? stopped : null;
}

/** Whether ECS calls the task stopped. */
export function hasStopped(lastStatus: string): boolean {
  return lastStatus === 'STOPPED' || lastStatus === 'DELETED';
}

/** Whether a notification shows the task on its way down. */
export function isStopping(told: { readonly lastStatus: string; readonly stopped: StoppedTask | null }) {
  return told.stopped !== null || stoppingStatuses.has(told.lastStatus);
}
