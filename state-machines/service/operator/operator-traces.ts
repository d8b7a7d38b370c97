import type { DeploymentId, EventId, TaskDefinitionArn } from '../../log/identifiers';
import { type Instant, secondsAfter } from '../../log/instant';
import type { OperatorAct } from '../../log/operator/operator-act';
import type { Freeze } from './freeze';
import type { Pause } from './pause';

/** What is remembered of what people did to a service through `rewind`. */
export interface OperatorTraces {
  /** Newest first; absent: nothing. */
  readonly acts?: readonly RememberedAct[];
  /** What is frozen; absent: nothing. A freeze that has run out stays until the next. */
  readonly freeze?: Freeze;
  /** The deployment that is not to be passed by time alone; one that has run out stays as well. */
  readonly pause?: Pause;
  /** Somebody has thrown the kill switch, and has not said yet that it is off again. */
  readonly stop?: Stop;
  /** Who called ECS to make each deployment, as CloudTrail tells; absent: nothing was told. */
  readonly callers?: { readonly [deployment: DeploymentId]: string };
}

/** The switch itself is a parameter of the stage: this is who threw it, and why. */
export interface Stop {
  readonly by: string | null;
  readonly reason: string | null;
  readonly since: Instant;
}

/** An act as the fold remembers it. */
interface RememberedAct extends OperatorAct {
  readonly id: EventId;
  readonly at: Instant;
}

/** So long after an act a deployment of its target may begin, and be taken for what it meant. */
const intentSeconds = 900;

interface BegunDeployment {
  readonly deployment: DeploymentId;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly startedAt: Instant;
}

/** The act that brought a deployment: the last before its start that names what it runs. */
export function actBehind({ acts = [] }: OperatorTraces, begun: BegunDeployment): RememberedAct | null {
  const { deployment, taskDefinition, startedAt } = begun;
  const isBehind = ({ at, target, deployment: left }: RememberedAct) =>
    target !== undefined &&
    target === taskDefinition &&
    left !== deployment &&
    at <= startedAt &&
    secondsAfter(at, intentSeconds) >= startedAt;
  return acts.find(isBehind) ?? null;
}

/**
 * Who brought a deployment: as they said through `rewind`, else as CloudTrail tells. Null where
 * nobody told.
 */
export function broughtBy(
  memory: OperatorTraces,
  begun: BegunDeployment & { readonly isGoingBack: boolean },
): string | null {
  return actBehind(memory, begun)?.by ?? deployerOf(memory, begun);
}

/**
 * Who called ECS to make a deployment, as CloudTrail tells. Null where it does not, and where ECS
 * goes back to what it has deployed before: whoever deployed it then has not brought it now.
 */
export function deployerOf(
  { callers = {} }: OperatorTraces,
  { deployment, isGoingBack }: { readonly deployment: DeploymentId; readonly isGoingBack: boolean },
): string | null {
  return isGoingBack ? null : (callers[deployment] ?? null);
}

/**
 * The deployment that somebody goes back from by this one, as they have said; null for a deployment
 * that is no way back.
 */
export function leftByOperator(memory: OperatorTraces, begun: BegunDeployment): DeploymentId | null {
  const act = actBehind(memory, begun);
  return act !== null && goesBack(act) ? (act.deployment ?? null) : null;
}

/** Whether somebody has said that they go back from a deployment to this task definition. */
export function isSaidToGoBack(
  { acts = [] }: OperatorTraces,
  from: DeploymentId,
  to: TaskDefinitionArn,
): boolean {
  return acts.some((act) => goesBack(act) && act.deployment === from && act.target === to);
}

/** What begins so soon after an act is its own doing, as long as nobody knows what it runs. */
const callSeconds = 60;

/** Whether somebody has only just gone back from a deployment. */
export function isJustLeft({ acts = [] }: OperatorTraces, from: DeploymentId, startedAt: Instant): boolean {
  return acts.some(
    (act) =>
      goesBack(act) &&
      act.deployment === from &&
      act.at <= startedAt &&
      secondsAfter(act.at, callSeconds) >= startedAt,
  );
}

function goesBack({ action }: OperatorAct): boolean {
  return action === 'rollback' || action === 'abort';
}
