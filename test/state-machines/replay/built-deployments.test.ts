import { describe, expect, it } from 'vitest';
import type { ObservedEvent, TaskChanged } from '../../../state-machines/log/observed-events';
import { builtDeployments } from '../../../state-machines/replay/built-deployments';
import { deploymentId, running, second, service, started, stopped } from '../story';

const tasks = [
  running('a1', 20, { deployment: 1 }),
  { ...(running('b1', 1020, { deployment: 2 }) as TaskChanged), createdAt: second(1000) },
  stopped('b1', 1050, { deployment: 2 }),
];
const built = (events: readonly ObservedEvent[], steadyAt: readonly number[], hasTaskSets = false) =>
  builtDeployments(service, events, { steadyAt: steadyAt.map(second), hasTaskSets }).map((event) => [
    event.type,
    'deployment' in event && event.deployment,
    event.occurredAt,
  ]);

describe('the deployments of a history that tells of none', () => {
  it('start when their first task was created, and complete when the service is steady with a task of theirs', () => {
    expect(built(tasks, [1200, 900, 10])).toEqual([
      ['DeploymentStarted', deploymentId(1), second(20)],
      ['DeploymentCompleted', deploymentId(1), second(900)],
      ['DeploymentStarted', deploymentId(2), second(1000)],
    ]);
  });

  it('are the same in any order of arrival', () => {
    expect(built(tasks.toReversed(), [900])).toEqual(built(tasks, [900]));
  });

  it('are not built where the history tells of any, or of task sets', () => {
    expect(built([...tasks, started(1, 5)], [900])).toEqual([]);
    expect(built(tasks, [900], true)).toEqual([]);
  });
});
