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

  const scaledIn = 'Scaling activity initiated by (deployment ecs-svc/2)';
  const health = 'Task failed ELB health checks in (target-group arn:aws:…)';
  const exited = {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  };
  it.each([
    ['DEACTIVATING', { stopCode: 'ServiceSchedulerInitiated', stoppedReason: health }],
    ['DEACTIVATING', { stopCode: 'ServiceSchedulerInitiated', stoppedReason: scaledIn }],
    ['DEPROVISIONING', { ...exited, containers: [{ name: 'app', exitCode: 1 }] }],
    ['STOPPING', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
    ['DEPROVISIONING', { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: x' }],
    ['RUNNING', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
  ])('tells why it stops while it is still %s', (lastStatus, stop) => {
    const { stopCode, stoppedReason } = stop;
    const told = eventOf(task({ lastStatus, desiredStatus: 'STOPPED', ...stop }));
    expect(told).toMatchObject({ lastStatus, stopped: { stopCode, stoppedReason } });
  });

  it.each([
    ['no cause is told', {}],
    ['the scheduler gives no reason', { stopCode: 'ServiceSchedulerInitiated' }],
    ['no container has exited', { ...exited, containers: [{ name: 'app' }] }],
    ['it failed to start for no cause yet', { stopCode: 'TaskFailedToStart' }],
    ['its reason is not known', { stopCode: 'NewCode', stoppedReason: 'Something new' }],
  ])('leaves open why it stops while %s', (_, stop) => {
    const stopping = { lastStatus: 'DEPROVISIONING', desiredStatus: 'STOPPED', ...stop };
    expect(eventOf(task(stopping))).toMatchObject({ stopped: null });
    expect(eventOf(task({ ...stopping, lastStatus: 'STOPPED' }))).toMatchObject({ stopped: {} });
  });

  it('has not stopped while it is to run, whatever its stop code', () => {
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
