import { shortTaskDefinition } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import type {
  HookChanged,
  ObservedEvent,
  ServiceCall,
  ServiceDeploymentContinued,
  ServiceDeploymentStopped,
  ServiceImpaired,
  StageObserved,
} from '../../state-machines/log/observed-events';
import type { OperatorAct } from '../../state-machines/log/operator/operator-act';
import type { Wordings } from './wording';

/** What AWS reported, in words. What a notification quotes is quoted as it is. */
export const observedEventWordings: Wordings<ObservedEvent> = {
  DeploymentStarted: {
    short: ({ deployment, isRollback }, deploymentName) =>
      `deployment of ${deploymentName(deployment)}: IN_PROGRESS${isRollback ? ', back to it' : ''} (${deployment})`,
    full: ({ deployment, isRollback }) =>
      `deployment ${deployment} is in progress${isRollback ? ', a rollback' : ''}`,
  },
  DeploymentCompleted: {
    short: ({ deployment }, deploymentName) => `deployment of ${deploymentName(deployment)}: COMPLETED`,
    full: ({ deployment }) => `${deployment ?? 'the deployment'} is complete`,
  },
  DeploymentFailed: {
    short: ({ deployment, reason }, deploymentName) =>
      `deployment of ${deploymentName(deployment)}: FAILED${reason === null ? '' : `; ${reason}`}`,
    full: ({ deployment, reason }) =>
      `${deployment ?? 'the deployment'} failed: ${reason ?? 'no reason given'}`,
  },
  ServiceImpaired: { short: impairmentSentence, full: impairmentSentence },
  ServiceCreated: {
    short: (event) => callSentence('CreateService', event),
    full: (event) => `${callSentence('CreateService', event)} ${callerOf(event)}`,
  },
  ServiceUpdated: {
    short: (event) => callSentence('UpdateService', event),
    full: (event) => `${callSentence('UpdateService', event)} ${callerOf(event)}`,
  },
  ServiceDeleted: {
    short: () => 'DeleteService',
    full: (event) => `DeleteService ${callerOf(event)}`,
  },
  ServiceDeploymentStopped: {
    short: (event) => stopSentence(event),
    full: (event) => `${stopSentence(event)} ${callerOf(event)}`,
  },
  ServiceDeploymentContinued: {
    short: (event) => answerSentence(event),
    full: (event) => `${answerSentence(event)} ${callerOf(event)}`,
  },
  HookChanged: { short: hookSentence, full: hookSentence },
  StageObserved: { short: stageSentence, full: stageSentence },
  AlarmChanged: {
    short: ({ alarmName, state }) => `alarm ${alarmName} is ${state}`,
    full: ({ alarmName, state, previousState, wasNew }) =>
      `alarm ${alarmName}${wasNew ? ', only just created,' : ''} went from ${previousState ?? '(unknown)'} to ${state}`,
  },
  OperatorActed: {
    short: (event) => `${actSentence(event)}${event.reason === null ? '' : `: ${event.reason}`}`,
    full: (event) => `${actSentence(event)} ${callerOf(event)}${claimSentence(event)}${whySentence(event)}`,
  },
  StackProbed: { short: () => probeSentence, full: () => probeSentence },
};

/** `rewind rollback: web:3 to web:2`. */
function actSentence({
  action,
  taskDefinition,
  target,
  freezes,
  skipsBake,
  until,
  commit,
  test,
  testResult,
}: OperatorAct): string {
  const [from, to] = [taskDefinition, target].map((arn) =>
    arn === undefined ? null : shortTaskDefinition(arn),
  );
  const what = [from, to].filter((name) => name !== null).join(' to ');
  const held = skipsBake ? ' past its bake' : freezes === undefined ? '' : ` ${freezes}`;
  const end = until === undefined ? '' : ` until ${formatInstant(until)}`;
  const source = commit === undefined ? '' : ` (${commit.sha.slice(0, 7)} ${commit.subject ?? ''})`;
  if (test !== undefined) return `rewind ${action}: the test ${test} ${testResult ?? ''}`;
  return `rewind ${action}${held}${end}${what === '' ? '' : `: ${what}`}${source}`;
}

function claimSentence({ claims = {} }: OperatorAct): string {
  const told = [claims.actor, claims.run && `run ${claims.run}`].filter(Boolean);
  return told.length === 0 ? '' : ` (claims to be ${told.join(', ')})`;
}

function whySentence({ reason, isLeftAsBad }: OperatorAct): string {
  const left = isLeftAsBad ? '; what is left counts as failed' : '';
  return `${reason === null ? ', without a reason' : `: "${reason}"`}${left}`;
}

const probeSentence = 'a probe of whether notifications arrive';

function impairmentSentence({ eventName, reason }: ServiceImpaired): string {
  return `${eventName}${reason === null ? '' : `: ${reason}`}`;
}

function stopSentence({ stopType }: ServiceDeploymentStopped): string {
  return stopType === null ? 'StopServiceDeployment' : `StopServiceDeployment with ${stopType}`;
}

function answerSentence({ action }: ServiceDeploymentContinued): string {
  return action === null ? 'ContinueServiceDeployment' : `ContinueServiceDeployment with ${action}`;
}

function hookSentence({ eventName, hookType, lifecycleStage }: HookChanged): string {
  const hook = hookType === null ? '' : ` (${hookType})`;
  return `${eventName}${lifecycleStage === null ? '' : ` at ${lifecycleStage}`}${hook}`;
}

function stageSentence({ stage, production, hooks }: StageObserved): string {
  const share = production === null ? '' : `, ${production} % of the traffic is the new version's`;
  return `ECS is at ${stage}${share}${hooks.length === 0 ? '' : ', and waits for an answer'}`;
}

function callSentence(operation: string, { taskDefinition }: ServiceCall): string {
  return taskDefinition === null ? operation : `${operation} with ${shortTaskDefinition(taskDefinition)}`;
}

function callerOf({ by }: Pick<ServiceCall, 'by'>): string {
  return `by ${by ?? 'an unknown caller'}`;
}
