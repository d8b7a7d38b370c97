import type { Colours } from '../../../services/cli/terminal/colours';
import { labelled } from '../../../services/cli/terminal/text-layout';
import { counted, formatDuration } from '../../../services/sentences/quantities';
import { stoppedTasksByClass } from '../../../services/sentences/rollout-words';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { usersSentences } from '../../../state-machines/rollout/measuring/damage';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { StoryResult } from './story-result';

/** The end of the story: what Rewind concluded, why, what it did, and what ECS says now. */
export function formatSummary(
  result: StoryResult,
  { faults, colours }: { readonly faults: readonly string[]; readonly colours: Colours },
): string {
  const { rollout } = result;
  const lines = [
    '',
    colours.bold('Summary'),
    ...(rollout === null ? [] : rolloutLines(rollout)),
    ...labelled('writes', writesSentence(result)),
    ...labelled('service', serviceSentence(result)),
    '',
    faults.length === 0
      ? colours.green(`✓ ${conclusionOf(result)}`)
      : colours.red(`✗ This is not how it has to end: ${faults.join('; ')}.`),
  ];
  return `${lines.join('\n')}\n`;
}

function rolloutLines(rollout: Rollout): string[] {
  return [
    ...labelled('verdict', verdictSentence(rollout)),
    ...labelled('evidence', evidenceSentence(rollout)),
    ...firstFailures(rollout).flatMap((failures) => labelled('', failures)),
    ...usersSentences(rollout).flatMap((users, index) => labelled(index === 0 ? 'users' : '', users)),
    ...(rollout.rollback === null ? [] : rollbackLines(rollout)),
  ];
}

function verdictSentence({ verdict, startedAt, taskDefinition }: Rollout): string {
  if (verdict === null) return 'none';
  const after = formatDuration(verdict.at - startedAt);
  return `${nameOf(taskDefinition ?? '')} ${verdict.result} (${verdict.reason}) ${after} after its start: ${verdict.message}`;
}

function evidenceSentence({ evidence: { started, ran, failed, byClass } }: Rollout): string {
  return `${counted(started, 'task')} started, ${ran} ran, ${failed} failed; ${stoppedTasksByClass(byClass)}`;
}

/** The first tasks that failed, those with the same reason in one sentence. */
function firstFailures({ evidence }: Rollout): string[] {
  const tasksByReason = new Map<string, string[]>();
  for (const { task, taskClass, reason } of evidence.firstFailures) {
    const why = `${taskClass}: ${reason}`;
    tasksByReason.set(why, [...(tasksByReason.get(why) ?? []), task.slice(0, 8)]);
  }
  return [...tasksByReason].map(([why, tasks]) => `first: ${tasks.join(', ')}, ${why}`);
}

function rollbackLines({ rollback, startedAt, verdict }: Rollout): string[] {
  if (rollback === null) return [];
  const { target, issuedAt, completedAt, by } = rollback;
  const where = target === null ? 'nothing safe' : nameOf(target);
  if (issuedAt === null) {
    return labelled('target', `${where}: what Rewind would have gone back to; it only observes`);
  }
  const actor = by === 'ecs' ? 'ECS, adopted by Rewind' : by === 'rewind' ? 'Rewind' : 'an operator';
  const settled =
    completedAt === null || verdict === null
      ? 'not completed'
      : `${formatDuration(completedAt - startedAt)} after the start of web:2, ${formatDuration(completedAt - verdict.at)} after the verdict`;
  return [...labelled('target', `${where}, by ${actor}`), ...labelled('recovery', settled)];
}

function writesSentence({ writes }: StoryResult): string {
  if (writes.length === 0) return 'ECS received none from Rewind';
  const calls = writes.map(
    ({ operation, hadEffect, error }) =>
      `${operation} (${error ?? (hadEffect ? 'took effect' : 'no effect')})`,
  );
  return `ECS received ${writes.length} from Rewind: ${calls.join(', ')}`;
}

function serviceSentence({ serviceNow: { service } }: StoryResult): string {
  const { taskDefinition = '', runningCount = 0, desiredCount = 0, deployments = [] } = service;
  const state = deployments.find(({ status }) => status === 'PRIMARY')?.rolloutState ?? 'no deployment';
  const runs = `${runningCount} of ${desiredCount} tasks running`;
  return `${nameOf(taskDefinition)}, ${runs}, rolloutState ${state} (DescribeServices)`;
}

function conclusionOf({ rollout, serviceNow: { service } }: StoryResult): string {
  const running = nameOf(service.taskDefinition ?? '');
  if (rollout?.outcome === 'succeeded') {
    return running === 'web:2'
      ? 'web:2 is good: the service runs it, and it is stable.'
      : `An operator took web:2 back: the service runs ${running} again, and Rewind has watched it.`;
  }
  if (rollout?.outcome === 'notEnforced') return `Rewind only observed: the service still runs ${running}.`;
  const by = rollout?.rollback?.by ?? 'rewind';
  return `${actors[by]} took web:2 back, once: the service runs ${running} again, and is healthy.`;
}

const actors = { rewind: 'Rewind', ecs: 'ECS', operator: 'An operator' } as const;

function nameOf(taskDefinition: string): string {
  return shortTaskDefinition(taskDefinition as TaskDefinitionArn);
}
