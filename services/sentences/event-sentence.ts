import { isDecided, type RewindEvent } from '../../state-machines/log/events';
import type { TaskChanged } from '../../state-machines/log/observed-events';
import { classify, describeStop } from '../../state-machines/log/stopped-task';
import { decidedEventWordings } from './decided-event-wordings';
import { observedEventWordings } from './observed-event-wordings';
import type { DeploymentName, Wording, Wordings } from './wording';

const wordings: Wordings<RewindEvent> = { ...observedEventWordings, ...decidedEventWordings };

/** Who says it: Rewind for a decision, else the part of AWS that reported it. */
export function eventReporter(event: RewindEvent): string {
  if (isDecided(event)) return 'Rewind';
  if (event.type === 'AlarmChanged') return 'CloudWatch';
  if (event.type === 'OperatorActed') return 'operator';
  return event.type.startsWith('Service') && 'by' in event ? 'CloudTrail' : 'ECS';
}

/** An event in a few words, for people who watch. */
export function shortEventSentence(
  event: Exclude<RewindEvent, TaskChanged>,
  deploymentName: DeploymentName,
): string {
  return wordingOf(event).short(event, deploymentName);
}

/** An event with all that a reviewer asks of it. */
export function fullEventSentence(event: RewindEvent): string {
  return event.type === 'TaskChanged' ? fullTaskSentence(event) : wordingOf(event).full(event);
}

function fullTaskSentence({ task, lastStatus, stopped }: TaskChanged): string {
  const short = task.slice(task.lastIndexOf('/') + 1).slice(0, 8);
  const how = stopped === null ? '' : `: ${classify(stopped)}: ${describeStop(stopped)}`;
  return `task ${short} ${lastStatus}${how}`;
}

/** The type of the table holds each wording to its event; the look-up cannot say so. */
function wordingOf(event: Exclude<RewindEvent, TaskChanged>): Wording<RewindEvent> {
  return wordings[event.type] as Wording<RewindEvent>;
}
