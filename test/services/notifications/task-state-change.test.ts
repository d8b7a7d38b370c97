import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import { clusterArn, envelope, eventOf, fact, taskDefinitionArn, time } from './envelopes';

describe('a task state change', () => {
  const detail = {
    taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/prod/abc',
    clusterArn,
    group: 'service:web',
    lastStatus: 'RUNNING',
    updatedAt: time,
  };
  const task = (rest: object) => envelope('ECS Task State Change', { ...detail, ...rest });

  it('tells what is known, and null for the rest', () => {
    expect(eventOf(task({}))).toEqual({
      type: 'TaskChanged',
      ...fact,
      task: 'abc',
      version: null,
      deployment: null,
      taskDefinition: null,
      lastStatus: 'RUNNING',
      createdAt: null,
      startedAt: null,
      stopped: null,
      host: null,
    });
  });

  it('tells everything about a stopped one', () => {
    const stop = {
      lastStatus: 'STOPPED',
      version: 7,
      startedBy: 'ecs-svc/2',
      taskDefinitionArn,
      createdAt: '2026-01-01T11:59:00Z',
      startedAt: '2026-01-01T11:59:30.5Z',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: …', cpu: 'null' }, {}],
    };
    expect(eventOf(task(stop))).toMatchObject({
      version: 7,
      deployment: 'ecs-svc/2',
      taskDefinition: taskDefinitionArn,
      createdAt: Date.UTC(2026, 0, 1, 11, 59),
      startedAt: Date.UTC(2026, 0, 1, 11, 59, 30, 500),
      stopped: {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: …' },
          { name: 'unnamed', exitCode: null, reason: null },
        ],
      },
    });
  });

  it('takes a text that spells a number for the number', () => {
    const containers = [{ name: 'app', exitCode: '137' }];
    expect(eventOf(task({ lastStatus: 'STOPPED', version: ' 5 ', containers }))).toMatchObject({
      version: 5,
      stopped: { containers: [{ exitCode: 137 }] },
    });
  });

  it('tells the host that it was placed on', () => {
    const containerInstanceArn = 'arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/9f2c';
    expect(eventOf(task({ containerInstanceArn }))).toMatchObject({ host: '9f2c' });
  });

  it('has not stopped yet while it runs with a stop code, as spot tasks do', () => {
    expect(eventOf(task({ stopCode: 'SpotInterruption' }))).toMatchObject({ stopped: null });
  });

  it('of a task that a person or a schedule started has no deployment', () => {
    expect(eventOf(task({ startedBy: 'events-rule/nightly' }))).toMatchObject({ deployment: null });
  });

  it('may name its task definition without a revision, or its task in the resources only', () => {
    const withoutRevision = taskDefinitionArn.replace(':7', '');
    const resources = [detail.taskArn];
    const { taskArn: _, ...rest } = { ...detail, taskDefinitionArn: withoutRevision };
    const notification = { ...envelope('ECS Task State Change', rest), resources };
    expect(eventOf(notification)).toMatchObject({ task: 'abc', taskDefinition: withoutRevision });
  });

  it('of a task of no service is ignored', () => {
    for (const group of ['family:web', null, undefined]) {
      expect(translate(task({ group })).kind).toBe('ignored');
    }
  });

  it('whose account was blanked out is an event all the same', () => {
    const masked = clusterArn.replace('111122223333', 'XXXXXXXXXXXX');
    expect(translate(task({ clusterArn: masked })).kind).toBe('event');
  });
});
