import type { RollbackIssued, RolloutOpened } from '../../state-machines/log/decided-events';
import type { RewindEvent } from '../../state-machines/log/events';
import { shortTaskDefinition } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import type { TaskChanged } from '../../state-machines/log/observed-events';
import { classify, describeStop } from '../../state-machines/log/stopped-task';
import { sentenceOf, tellerOf } from './event-sentence';

/** Who told of an event, and what it says: with all that a reviewer asks of a decision. */
export function wordsOfEvent(event: RewindEvent): { readonly who: string; readonly what: string } {
  return { who: tellerOf(event), what: whatOf(event) };
}

function whatOf(event: RewindEvent): string {
  switch (event.type) {
    case 'TaskChanged':
      return wordsOfTask(event);
    case 'RolloutOpened':
      return `${sentenceOf(event)}; ${wordsOfPolicy(event)}`;
    case 'VerdictReached':
      return `${sentenceOf(event)}; tipped by ${event.verdict.eventId}`;
    case 'RollbackRequested':
      return `${sentenceOf(event)} by ${event.owner} until ${formatInstant(event.leaseUntil).slice(11, 19)}`;
    case 'RollbackIssued':
      return `${sentenceOf(event)}; ${wordsOfWayBack(event)}`;
    default:
      return sentenceOf(event);
  }
}

function wordsOfTask({ task, lastStatus, stopped }: TaskChanged): string {
  const short = task.slice(task.lastIndexOf('/') + 1).slice(0, 8);
  const how = stopped === null ? '' : `: ${classify(stopped)}: ${describeStop(stopped)}`;
  return `task ${short} ${lastStatus}${how}`;
}

function wordsOfPolicy({ policy, madeWith }: RolloutOpened): string {
  const { mode, failurePercent, minimumFailures, bakeSeconds } = policy;
  const alarms = policy.alarms.length === 0 ? '' : `, alarms ${policy.alarms.join(', ')}`;
  const limit = `more than ${failurePercent} % and at least ${minimumFailures} failed tasks fail it`;
  return `policy ${madeWith.policyVersion}: ${mode}, ${limit}, bake ${bakeSeconds} s${alarms}`;
}

function wordsOfWayBack({ target, rollbackDeployment }: RollbackIssued): string {
  const as = rollbackDeployment === null ? '' : `, as ${rollbackDeployment}`;
  return `back to ${shortTaskDefinition(target)}${as}`;
}
