import { describe, expect, it } from 'vitest';
import { translate } from '../../../../services/notifications/translate';
import { fullEventSentence, shortEventSentence } from '../../../../services/sentences/event-sentence';

const service = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web';
const revision = (number: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`;
const told = {
  action: 'rollback',
  service,
  by: 'arn:aws:sts::123456789012:assumed-role/operators/cleo',
  reason: 'CPU is spiky',
  claims: { actor: 'cleo', run: '8812' },
  deployment: 'ecs-svc/2',
  taskDefinition: revision(43),
  target: revision(42),
  commit: { sha: '41be077c0ffee', subject: 'Drop the v1 price endpoint' },
};
const envelope = (detail: object, account = '123456789012') => ({
  version: '0',
  id: '6f1d8b0e-5b0a-4c7e-9a57-0d1f5f3c2b11',
  source: 'rewind.operator',
  'detail-type': 'Rewind Operator Action',
  account,
  region: 'eu-west-1',
  time: '2026-11-20T14:00:00Z',
  resources: [],
  detail,
});

describe("an operator's action", () => {
  it('is a fact of its service, at the time that the bus tells', () => {
    const translation = translate(envelope(told));
    const occurredAt = Date.UTC(2026, 10, 20, 14);
    const event = { type: 'OperatorActed', id: envelope(told).id, occurredAt, ...told };
    expect(translation).toEqual({ kind: 'event', event });
  });

  it('names who, what and why for people', () => {
    const translation = translate(envelope(told));
    const event = translation.kind === 'event' ? translation.event : null;
    if (event === null || event.type === 'TaskChanged') throw new Error('it is an event');
    const what = 'rewind rollback: web:43 to web:42 (41be077 Drop the v1 price endpoint)';
    expect(shortEventSentence(event, () => '')).toBe(`${what}: CPU is spiky`);
    expect(fullEventSentence(event)).toBe(
      `${what} by arn:aws:sts::123456789012:assumed-role/operators/cleo (claims to be cleo, run 8812): "CPU is spiky"`,
    );
  });

  it.each([
    ['of another account', envelope(told, '210987654321'), 'detail.service is of 123456789012'],
    ['that nobody knows', envelope({ ...told, action: 'delete' }), 'detail.action is not valid'],
    [
      'R126 with a reason of ten thousand letters',
      envelope({ ...told, reason: 'x'.repeat(10_000) }),
      'detail.reason is not valid',
    ],
    ['of no service', envelope({ ...told, service: 'web' }), 'detail.service: "web" is not the ARN'],
  ])('%s is refused', (_, notification, because) => {
    expect(translate(notification)).toMatchObject({
      kind: 'invalid',
      because: expect.stringContaining(because),
    });
  });
});
