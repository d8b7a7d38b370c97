import type { Reason } from '../../state-machines/log/decided-events';
import {
  type DeploymentId,
  partsOfService,
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import {
  type CauseKind,
  failureClasses,
  otherClasses,
  type TaskClass,
} from '../../state-machines/log/stopped-task';
import {
  believedAfterSeconds,
  type DoubtedAlarm,
  describeDoubt,
} from '../../state-machines/rollout/alarms/doubted-alarm';
import type { Rollout } from '../../state-machines/rollout/rollout';
import { isRollback } from '../../state-machines/rollout/rollout-context';
import {
  type PostponementReason,
  postponementReasons,
} from '../../state-machines/rollout/weighing/suspicion';
import { formatDuration } from './quantities';

/** A rollout's title: `prod/web to web:2`. */
export function rolloutTitle(rollout: {
  readonly service: ServiceArn;
  readonly taskDefinition: TaskDefinitionArn | null;
}): string {
  const { service, taskDefinition } = rollout;
  const short = taskDefinition === null ? null : shortTaskDefinition(taskDefinition);
  return rolloutTitleFrom({ path: partsOfService(service).path, taskDefinition: short });
}

/** `deployer`: the name at the end of a caller's ARN. */
export function callerName(caller: string): string {
  return caller.slice(caller.lastIndexOf('/') + 1);
}

/** What says whether a rollout is a rollback, and of what. */
interface PerhapsRollback {
  readonly rollbackOf: DeploymentId | null;
  readonly isGoingBack?: boolean;
}

/** What is said behind a rollback: what it takes back, where somebody has told; else nothing. */
export function rollbackWords(rollout: PerhapsRollback): string {
  if (!isRollback(rollout)) return '';
  return rollout.rollbackOf === null ? ', a rollback' : `, taking back ${rollout.rollbackOf}`;
}

interface DeployedAgain extends PerhapsRollback {
  readonly hasFailedBefore?: boolean;
}

const failedHere = 'failed here when it was last judged';

/** What is said behind a revision that failed here and is deployed again; else nothing. */
export function againWords(rollout: DeployedAgain): string {
  return rollout.hasFailedBefore === true && !isRollback(rollout) ? `, which ${failedHere}` : '';
}

/** `web:2 failed here when it was last judged`, for a line of its own; else nothing. */
export function againSentence(rollout: DeployedAgain & Pick<Rollout, 'taskDefinition'>): string {
  const { taskDefinition } = rollout;
  if (taskDefinition === null || againWords(rollout) === '') return '';
  return `${shortTaskDefinition(taskDefinition)} ${failedHere}`;
}

/** The same, from names that are short already. */
export function rolloutTitleFrom(names: {
  readonly path: string;
  readonly taskDefinition: string | null;
}): string {
  return `${names.path} to ${names.taskDefinition ?? '(unknown)'}`;
}

/** Region and account of a service, which its title leaves out. */
export function regionAndAccount(service: ServiceArn): string {
  const { region, account } = partsOfService(service);
  return `${region}, account ${account}`;
}

/** Where a rollout stands, in words: its outcome, or its phase while it has none. */
export function rolloutStanding(rollout: {
  readonly outcome: string | null;
  readonly phase: string;
}): string {
  return contractWords(rollout.outcome ?? rollout.phase);
}

/** A name of the contract as plain words: `rollingBack` is rolling back. */
export function contractWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Why a phase or verdict changed, in a few words. */
export const reasonWords: { readonly [reason in Reason]: string } = {
  TaskFailures: 'too many tasks failed',
  AlarmRaised: 'an alarm was raised',
  NativeFailure: 'ECS itself failed the deployment',
  MetricDegraded: 'users got worse answers than from the old version',
  LimitExceeded: 'users got worse answers than the policy allows',
  Stalled: 'new tasks did not get up',
  DeadlineElapsed: 'the deadline passed',
  TestFailed: 'a test failed',
  BakePassed: 'the bake passed',
  Completed: 'ECS completed the deployment',
  Superseded: 'a newer deployment took its place',
  RollbackSettled: 'the rollback settled',
  Operator: 'a person stepped in',
};

/** What the other rule says of a rollout that is only observed; null where nobody asked it. */
export function otherRuleSentence({
  otherRule,
  startedAt,
  verdict: own,
}: Pick<Rollout, 'otherRule' | 'startedAt' | 'verdict'>): string | null {
  if (otherRule === undefined) return null;
  const { failureRule, verdict } = otherRule;
  if (verdict?.result === own?.result && verdict?.at === own?.at) {
    return `by ${failureRule}: the same at the same time`;
  }
  if (verdict === null) return `by ${failureRule}: no verdict yet`;
  return `by ${failureRule}: ${verdict.result} after ${formatDuration(verdict.at - startedAt)}: ${verdict.message}`;
}

/** What else than the release may be to blame, so that a verdict is postponed. */
export const postponementWords: { readonly [reason in PostponementReason]: string } = {
  host: 'all failed tasks ran on one host, and others run elsewhere',
  zone: 'tasks fail in one availability zone, and run in the others',
  oldTasks: 'old tasks are lost too, as never before',
  suddenly: 'most starts of the same release went well, and then none did',
  replacement: 'the tasks that replace the lost ones are about to show themselves',
};

/** The same for a reason as the log has it, which another version may have written. */
export function postponementSentence(reason: string): string {
  const known = postponementReasons.find((each) => each === reason);
  return known === undefined ? reason : postponementWords[known];
}

/** The class of a failed task, with what it says of a further try: `image-pull (transient)`. */
export function taskClassWords(failure: {
  readonly taskClass: TaskClass;
  readonly causeKind?: CauseKind | null;
}): string {
  const { taskClass, causeKind = null } = failure;
  return causeKind === null ? taskClass : `${taskClass} (${causeKind})`;
}

/** What an alarm that was raised, and is doubted, needs to be believed; null where none was. */
export function doubtSentence(doubted: DoubtedAlarm): string | null {
  const { alarm, raises, wasRaisedAtStart } = doubted;
  if (raises.length === 0) return null;
  const often = wasRaisedAtStart ? '' : ' or is raised three times in 30 min';
  return `${alarm} went to ALARM, and counts only if it lasts ${believedAfterSeconds} s${often}: ${describeDoubt(doubted)}`;
}

/** The stopped tasks of a rollout by class: `stopped: 2 image-pull, 1 capacity`. */
export function stoppedTasksByClass(byClass: { readonly [taskClass in TaskClass]?: number }): string {
  const counts = [...failureClasses, ...otherClasses].flatMap((taskClass) => {
    const count = byClass[taskClass] ?? 0;
    return count > 0 ? [`${count} ${taskClass}`] : [];
  });
  return counts.length === 0 ? 'none stopped' : `stopped: ${counts.join(', ')}`;
}
