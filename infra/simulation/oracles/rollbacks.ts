import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { decisionsIn, type EffectiveWrite, type RunRecord, type TrueRollout } from '../world/run-record';
import type { Oracle } from './oracle';

/** Clocks of machines differ: what is within a minute is taken as one instant. */
const sameSeconds = 60;

/** At most one rollback of a rollout takes effect, whoever raced and whoever died. */
export const onceARollout: Oracle = ({ writes }) => {
  const counts = new Map<TrueRollout, number>();
  for (const { ended } of writes) counts.set(ended, (counts.get(ended) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([rollout, count]) => `${nameOf(rollout)} was rolled back ${count} times`);
};

/** Nothing that takes a service back is taken back itself. */
export const neverARollback: Oracle = ({ writes }) =>
  writes
    .filter(({ ended }) => ended.isBack)
    .map(
      ({ ended, operation }) =>
        `${operation} ended ${nameOf(ended)}, which ${ended.starter} had gone back to`,
    );

/**
 * What is ended has been judged. UpdateService has no lock: what somebody deployed after the last
 * look of the same process is not held against it.
 */
export const neverANewerOne: Oracle = (record) =>
  record.writes
    .filter(({ ended, at }) => !isJudged(record, ended, at))
    .filter(({ operation, ended, lookedAt }) => {
      const isUnseen = lookedAt === null || ended.startedAt > lookedAt;
      return operation === 'StopServiceDeployment' || !isUnseen;
    })
    .map(({ operation, ended }) => `${operation} ended ${nameOf(ended)}, which nobody had judged`);

/**
 * Never back to what is known here and has neither proved itself nor been the stable one; nor to a
 * copy of such a one. A task definition may have failed in one service revision and proved itself
 * in another.
 */
export const neverToTheUnproven: Oracle = (record) =>
  record.writes.flatMap((write) =>
    [write.target, ...targetsNamed(record, write)]
      .filter((target) => isUnproven(target, record, write))
      .map((target) => `${write.operation} went back to ${target}, which had not proved itself`),
  );

/** What the log says that the rollout goes back to: of a copy, what it is a copy of. */
function targetsNamed(record: RunRecord, { ended }: EffectiveWrite): string[] {
  return decisionsIn(record).flatMap(({ event }) =>
    event.type === 'RollbackIssued' && event.deployment === ended.deployment ? [event.target] : [],
  );
}

/**
 * Who took the service back is who called ECS, where the log had been told of that call alone when
 * Rewind said who it was.
 */
export const whoCalledDidIt: Oracle = (record) =>
  record.appends.flatMap(({ recorded: { event }, answer, at }) => {
    if (event.type !== 'RollbackAdopted' || answer !== 'appended' || event.by === 'ecs') return [];
    const callers = loggedBy(record, at).flatMap((told) => {
      const isCall =
        told.type === 'ServiceDeploymentStopped' ||
        (told.type === 'ServiceUpdated' && told.deployment === event.rollbackDeployment);
      return isCall && told.occurredAt >= event.startedAt && told.by !== null ? [told.by] : [];
    });
    const back = record.rollouts.find(
      ({ deployment, startedAt, isBack }) =>
        isBack && deployment === event.rollbackDeployment && startedAt > event.startedAt,
    );
    const [caller] = new Set(callers.map((by) => (by.endsWith('/rewind') ? 'rewind' : 'people')));
    const isTold = back !== undefined && new Set(callers).size === 1 && back.starter === caller;
    const by = event.by === 'rewind' ? 'rewind' : 'people';
    return isTold && by !== caller
      ? [`${caller} took ${rolloutKey(event)} back, and the log says ${by}`]
      : [];
  });

/** In observe mode Rewind asks AWS to change nothing at all. */
export const observesOnly: Oracle = ({ plan, writeCalls }) =>
  plan.settings.policy.mode === 'observe' && writeCalls > 0
    ? [`Rewind called ECS to change something ${writeCalls} times in observe mode`]
    : [];

/** Once people have thrown the switch, no call goes out but those on their way. */
export const heldBySwitch: Oracle = ({ writes }) =>
  writes
    .filter(({ at, switchThrownAt }) => switchThrownAt !== null && at > secondsAfter(switchThrownAt, 30))
    .map(({ operation }) => `${operation} took effect with the kill switch thrown`);

/**
 * What stood in the log by an instant of the account: clocks of machines differ, and the verdict
 * that follows a stop within seconds must not speak for it.
 */
function loggedBy({ appends }: RunRecord, by: Instant): readonly RewindEvent[] {
  return appends
    .filter(({ answer, at }) => answer === 'appended' && at <= by)
    .map(({ recorded }) => recorded.event);
}

function nameOf({ deployment, taskDefinition }: TrueRollout): string {
  return `${deployment} of ${taskDefinition.split('/').at(-1)}`;
}

function isJudged(record: RunRecord, { deployment, startedAt }: TrueRollout, by: Instant): boolean {
  return loggedBy(record, by).some(
    (event) =>
      (event.type === 'VerdictReached' || event.type === 'PassRevoked') &&
      event.verdict.result === 'failed' &&
      event.deployment === deployment &&
      event.startedAt >= secondsAfter(startedAt, -sameSeconds),
  );
}

/**
 * Whether Rewind had opened rollouts of it before, and no sign spoke for it: of the deployment that
 * the opening named to go back to, where it named one. Where the policy says
 * that completion proves, the completion is the sign: no decision tells of it at once.
 */
function isUnproven(taskDefinition: string, record: RunRecord, { at, ended }: EffectiveWrite): boolean {
  const known = loggedBy(record, at);
  const openings = known.filter((event) => event.type === 'RolloutOpened');
  const isProvenByCompletion = record.plan.settings.policy.provenBy === 'completion';
  const { wayBack } = openings.findLast(({ deployment }) => deployment === ended.deployment) ?? {};
  const named = wayBack?.taskDefinition === taskDefinition ? wayBack.deployment : null;
  const own = openings.filter(
    (opening) =>
      opening.taskDefinition === taskDefinition && (named === null || opening.deployment === named),
  );
  const [first] = own;
  if (first === undefined) return false;
  // In the order of learning: what was stable before anything was known of it stays so.
  const before = openings.slice(0, openings.indexOf(first) + 1);
  const wasStable = before.some(({ stable }) => stable === taskDefinition);
  const keys = new Set<string>(own.map(rolloutKey));
  const revoked = new Set(known.flatMap((event) => (event.type === 'PassRevoked' ? rolloutKey(event) : [])));
  const deployments = new Set<string>(own.map(({ deployment }) => deployment));
  const isMeant = (event: DecidedEvent) => keys.has(rolloutKey(event)) && !revoked.has(rolloutKey(event));
  const isProven = known.some((event) => {
    if (event.type === 'VerdictReached') return isMeant(event) && event.verdict.result === 'passed';
    if (event.type === 'RolloutConcluded') return isMeant(event) && event.proven !== undefined;
    return (
      isProvenByCompletion &&
      event.type === 'DeploymentCompleted' &&
      deployments.has(String(event.deployment))
    );
  });
  return !wasStable && !isProven;
}
