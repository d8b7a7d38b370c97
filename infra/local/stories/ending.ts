import { rollbackMethods } from '../../../state-machines/log/decided-events';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { StoryEnding } from './scenario/scenario-schema';
import { isAtRest } from './scenario/service-now';
import type { StoryResult } from './story-result';

/** What is not as the scenario has it, a sentence each; none when the story went well. Pure. */
export function faultsOf(result: StoryResult, ending: StoryEnding): string[] {
  return [
    ...outcomeFaults(result, ending),
    ...rollbackFaults(result, ending),
    ...serviceFaults(result, ending),
    ...(result.lost === 0 ? [] : [`${result.lost} notifications could not be recorded`]),
  ];
}

function outcomeFaults({ rollout }: StoryResult, { outcome }: StoryEnding): string[] {
  if (rollout?.outcome === outcome) return [];
  return [`the rollout of web:2 ended with ${rollout?.outcome ?? 'no outcome'}, not ${outcome}`];
}

function rollbackFaults({ rollout, writes, recorded }: StoryResult, ending: StoryEnding): string[] {
  const faults: string[] = [];
  const by = rollout?.rollback?.by ?? null;
  if (by !== ending.rollback) faults.push(`the way back was by ${by ?? 'nobody'}`);
  // Two reconcilers may answer one gate, or begin one attempt of a test: ECS takes either once.
  const isRollback = (operation: string) => rollbackMethods.some((method) => method === operation);
  const counted = writes.filter(({ operation, hadEffect }) => hadEffect || isRollback(operation));
  const made = counted.map(({ operation }) => operation).join(', ');
  const expected = ending.writes.join(', ');
  if (made !== expected)
    faults.push(`ECS received ${made || 'no write'} from Rewind, not ${expected || 'none'}`);
  const withoutEffect = counted.filter(({ hadEffect }) => !hadEffect);
  if (withoutEffect.length > 0) faults.push(`${withoutEffect.length} of Rewind's writes had no effect`);
  const issued = recorded.filter(({ event }) => event.type === 'RollbackIssued').length;
  const rollbacks = ending.writes.filter(isRollback);
  if (issued !== rollbacks.length) faults.push(`the log holds ${issued} issued rollbacks`);
  return faults;
}

function serviceFaults({ serviceNow }: StoryResult, { runs, healthy }: StoryEnding): string[] {
  const { taskDefinition } = serviceNow.service;
  const running = shortTaskDefinition(taskDefinition as TaskDefinitionArn);
  const faults = running === runs ? [] : [`ECS says that the service runs ${running}, not ${runs}`];
  if (healthy && !isAtRest(serviceNow)) faults.push('ECS says that the service is not at rest and healthy');
  return faults;
}
