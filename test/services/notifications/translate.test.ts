import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import { clusterArn, deployment, envelope, eventOf, time } from './envelopes';

describe('what cannot be understood', () => {
  const good = deployment({
    eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
    deploymentId: 'ecs-svc/1',
    updatedAt: time,
  });

  const task = (version: string) => {
    const detail = { clusterArn, group: 'service:web', lastStatus: 'RUNNING', version: '?' };
    return JSON.parse(JSON.stringify(envelope('ECS Task State Change', detail)).replace('"?"', version));
  };

  it.each([
    [42, 'this is a number, not an EventBridge envelope'],
    [null, 'this is null, not an EventBridge envelope'],
    [[good], 'this is an array, not an EventBridge envelope'],
    [{}, 'this is not an EventBridge envelope: detail-type is missing'],
    [
      { eventVersion: '1.09', eventSource: 'ecs.amazonaws.com' },
      'this is a bare CloudTrail record, not an EventBridge envelope',
    ],
    [
      { executionId: 'x', lifecycleStage: 'PRE_SCALE_UP' },
      'this is the input of a lifecycle-hook Lambda, not an EventBridge envelope',
    ],
    [{ ...good, id: undefined }, 'id is missing'],
    [{ ...good, id: '' }, 'id is empty'],
    [{ ...good, detail: 'text' }, 'detail must be an object, not a string'],
    [{ ...good, detail: [] }, 'detail must be an object, not an array'],
    [{ ...good, resources: [] }, 'resources[0], the ARN of the service, is missing'],
    [
      { ...good, resources: ['arn:aws:ecs:eu-west-1:111122223333:service/web'] },
      'turn on the account setting serviceLongArnFormat',
    ],
    [{ ...good, detail: { ...good.detail, deploymentId: undefined } }, 'detail.deploymentId is missing'],
    [
      { ...good, detail: { ...good.detail, deploymentId: 7 } },
      'detail.deploymentId must be a string, not a number',
    ],
    [
      { ...good, detail: { ...good.detail, deploymentId: '7' } },
      'detail.deploymentId: "7" is not a deployment id',
    ],
    [
      { ...good, detail: { ...good.detail, updatedAt: 'yesterday' } },
      'detail.updatedAt "yesterday" is not a time',
    ],
    [task('"five"'), 'detail.version must be a number, not a string'],
    [task('1e999'), 'detail.version is too large for a number'],
  ])('%#: is invalid, in a sentence that names the field', (value, sentence) => {
    const translation = translate(value);
    expect(translation).toMatchObject({ kind: 'invalid' });
    expect('because' in translation && translation.because).toContain(sentence);
  });

  it('is never what AWS may add: fields, values, detail types', () => {
    const added = {
      ...good,
      traceHeader: 'x',
      detail: { ...good.detail, eventType: 'NOTE', more: { a: [1] } },
    };
    expect(translate(added).kind).toBe('event');
    expect(translate({ ...good, 'detail-type': 'ECS Daemon Service Action', resources: [] }).kind).toBe(
      'ignored',
    );
    expect(translate({ ...good, source: 'aws.ec2' }).kind).toBe('ignored');
  });
});

describe('the time of a fact', () => {
  const started = (updatedAt: string) =>
    eventOf(deployment({ eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', deploymentId: 'ecs-svc/1', updatedAt }))
      .occurredAt;
  const sentAt = Date.UTC(2026, 0, 1, 12, 1);

  it('is the finer one of the detail where it is near that of the envelope', () => {
    expect(started('2026-01-01T12:00:59.987Z')).toBe(sentAt - 13);
    expect(started('2026-01-01T10:41:00Z')).toBe(sentAt - 80 * 60_000);
    expect(started('2026-01-01T12:02:00Z')).toBe(sentAt + 60_000);
  });

  it('is that of the envelope where the detail tells of the far future or past', () => {
    expect(started('2286-11-20T17:46:39Z')).toBe(sentAt);
    expect(started('2026-01-01T13:02:00Z')).toBe(sentAt);
    expect(started('2025-12-30T12:00:00Z')).toBe(sentAt);
  });

  it('is held the same in what is ignored, or deadlines would seem to have passed', () => {
    const detail = { eventName: 'SERVICE_STEADY_STATE', createdAt: '2286-11-20T17:46:39Z' };
    expect(translate(envelope('ECS Service Action', detail))).toMatchObject({
      kind: 'ignored',
      occurredAt: sentAt,
    });
  });
});
