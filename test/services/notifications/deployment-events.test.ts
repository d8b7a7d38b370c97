import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import { clusterArn, deployment, envelope, eventOf, fact, time } from './envelopes';

describe('a deployment state change', () => {
  const detail = { deploymentId: 'ecs-svc/2', updatedAt: time };
  const started = { ...detail, eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' };

  it('in progress is a deployment that started', () => {
    expect(eventOf(deployment({ ...started, reason: 'ECS deployment ecs-svc/2 in progress.' }))).toEqual({
      type: 'DeploymentStarted',
      ...fact,
      deployment: 'ecs-svc/2',
      isRollback: false,
    });
  });

  it('is a rollback, of the deployment that its reason names, when the reason says so', () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    expect(eventOf(deployment({ ...started, reason }))).toMatchObject({
      deployment: 'ecs-svc/1',
      isRollback: true,
    });
  });

  it('of a way back says whether somebody stopped the service deployment', () => {
    const startedFor = (why: string) =>
      eventOf(
        deployment({ ...started, reason: `ECS deployment ${why}: rolling back to deploymentId ecs-svc/1.` }),
      );
    expect(startedFor('stopped')).toMatchObject({ isRollback: true, isAfterStop: true });
    expect(startedFor('circuit breaker')).not.toHaveProperty('isAfterStop');
  });

  it("takes AWS's own example, whose reason holds a word in place of the id", () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId deploymentID.';
    expect(eventOf(deployment({ ...started, reason }))).toMatchObject({
      deployment: 'ecs-svc/2',
      isRollback: true,
    });
  });

  it('tells of completion and of failure', () => {
    expect(eventOf(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }))).toEqual({
      type: 'DeploymentCompleted',
      ...fact,
      deployment: 'ecs-svc/2',
    });
    expect(eventOf(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_FAILED', reason: 'why' }))).toEqual(
      {
        type: 'DeploymentFailed',
        ...fact,
        deployment: 'ecs-svc/2',
        reason: 'why',
      },
    );
  });

  it('of a name not yet known is ignored', () => {
    expect(translate(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_PAUSED' }))).toMatchObject({
      kind: 'ignored',
      occurredAt: fact.occurredAt,
    });
  });

  it('takes the time of the envelope when the detail has none', () => {
    const { updatedAt: _, ...rest } = started;
    expect(eventOf(deployment(rest)).occurredAt).toBe(Date.UTC(2026, 0, 1, 12, 1));
  });
});

describe('a service action', () => {
  const action = (detail: object) =>
    envelope('ECS Service Action', { createdAt: time, clusterArn, ...detail });

  it('that reports trouble is an impaired service, whatever its name', () => {
    for (const eventType of ['WARN', 'WARNING', 'ERROR']) {
      expect(
        eventOf(action({ eventType, eventName: 'SERVICE_TASK_ON_FIRE', reason: 'RESOURCE:CPU' })),
      ).toEqual({
        type: 'ServiceImpaired',
        ...fact,
        eventName: 'SERVICE_TASK_ON_FIRE',
        reason: 'RESOURCE:CPU',
      });
    }
  });

  it('that reports a steady state is ignored', () => {
    expect(translate(action({ eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' })).kind).toBe('ignored');
  });

  it('may tell of a deployment that it does not name, except of its start', () => {
    expect(eventOf(action({ eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }))).toMatchObject({
      type: 'DeploymentCompleted',
      deployment: null,
    });
    expect(eventOf(action({ eventType: 'ERROR', eventName: 'SERVICE_DEPLOYMENT_FAILED' }))).toMatchObject({
      type: 'DeploymentFailed',
      deployment: null,
      reason: null,
    });
    const started = { eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' };
    expect(translate(action(started)).kind).toBe('ignored');
    expect(eventOf(action({ ...started, reason: 'ECS deployment ecs-svc/2 in progress.' }))).toMatchObject({
      type: 'DeploymentStarted',
      deployment: 'ecs-svc/2',
    });
  });
});
