import { describe, expect, it } from 'vitest';
import { deploymentEvents, describedFacts, describedId } from '../../../../services/aws/ecs/described-events';
import { type EventId, parseServiceArn } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import { decisionIdAfter, positionOf } from '../../../../state-machines/log/position';

const arn = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const completed = {
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  createdAt: at(0),
  updatedAt: at(60),
} as const;

/** What the events say, in seconds. */
function tellingOf(described: Omit<Parameters<typeof deploymentEvents>[0], 'arn' | 'tasks'>) {
  return deploymentEvents({ arn, tasks: [], ...described }).map((event) => [
    event.type,
    (event.occurredAt - Date.UTC(2026, 0, 1)) / 1000,
    'isRollback' in event ? event.isRollback : null,
  ]);
}

describe('a deployment that DescribeServices shows', () => {
  it('started when it was created, also when a newer service deployment was made before that was asked for', () => {
    const newest = { status: 'IN_PROGRESS', createdAt: at(700.2) } as const;
    expect(tellingOf({ deployments: [completed], newest })).toEqual([
      ['DeploymentStarted', 0, false],
      ['DeploymentCompleted', 60, null],
    ]);
  });

  it('started again when the rollback to it began', () => {
    const newest = {
      status: 'ROLLBACK_SUCCESSFUL',
      createdAt: at(700),
      rollback: { startedAt: at(760) },
    } as const;
    const again = { ...completed, updatedAt: at(800) };
    expect(tellingOf({ deployments: [again], newest })).toEqual([
      ['DeploymentStarted', 760, true],
      ['DeploymentCompleted', 800, null],
    ]);
  });

  it('is no rollback while it is itself being taken back', () => {
    const judged = {
      ...completed,
      id: 'ecs-svc/2',
      rolloutState: 'IN_PROGRESS',
      createdAt: at(700),
    } as const;
    const newest = {
      status: 'ROLLBACK_IN_PROGRESS',
      createdAt: at(700),
      rollback: { startedAt: at(760) },
    } as const;
    expect(tellingOf({ deployments: [judged], newest })).toEqual([['DeploymentStarted', 700, false]]);
  });
});

describe('a task that DescribeTasks shows', () => {
  it('stops for what ECS says while its load balancer still drains it', async () => {
    const task = {
      taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/prod/b1',
      lastStatus: 'DEACTIVATING',
      desiredStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (target-group arn:aws:…)',
      version: 4,
      startedBy: 'ecs-svc/2',
      createdAt: at(700),
      startedAt: at(730),
      stoppingAt: at(790),
    } as const;
    const inventory = {
      tasks: async function* () {
        yield task;
      },
      newestServiceDeployment: async () => null,
    };
    const [fact] = await describedFacts(inventory, { serviceArn: arn, deployments: [] });
    expect(fact).toMatchObject({
      occurredAt: at(790).getTime(),
      stopped: { stopCode: task.stopCode, stoppedReason: task.stoppedReason },
    });
  });
});

describe('the id of what a look shows', () => {
  it('leaves no room between a fact and the decision that stands behind it', () => {
    const place = (id: EventId) => positionOf({ occurredAt: 1_000 as Instant, id });
    for (const [one, longer] of [
      ['ecs-svc/1', 'ecs-svc/12'],
      ['web', 'web-5xx'],
      ['web', 'web errors'],
      ['web', 'web|'],
      ['web', 'web~'],
    ] as const) {
      const [fact, other] = [describedId('alarm', one), describedId('alarm', longer)];
      const inOrder = [
        place(fact),
        place(decisionIdAfter(fact, 'any.1.VerdictReached')),
        place(other),
      ].sort();
      expect(inOrder.indexOf(place(decisionIdAfter(fact, 'any.1.VerdictReached')))).toBe(
        inOrder.indexOf(place(fact)) + 1,
      );
    }
  });
});
