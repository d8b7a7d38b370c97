import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../services/cli/input/schemas/event-schema';
import { translate } from '../../../services/notifications/translate';
import {
  continueServiceDeployment,
  eventOf,
  fact,
  hookNotification,
  serviceDeployment,
  stopServiceDeployment,
} from './envelopes';

const { resources: _, ...withoutResources } = hookNotification;
const withDetail = (detail: object) => ({ ...withoutResources, detail });

describe("a hook's change of state", () => {
  it('tells which hook waits, where, and for how long', () => {
    expect(eventOf(hookNotification)).toEqual({
      type: 'HookChanged',
      ...fact,
      eventName: 'HOOK_AWAITING_ACTION',
      hookId: 'ecs-pause-1',
      hookType: 'PAUSE',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      expiresAt: Date.UTC(2026, 0, 1, 12, 10),
      serviceDeployment,
    });
  });

  it('may come without resources, and with no more than the service deployment', () => {
    expect(eventOf(withoutResources)).toEqual(eventOf(hookNotification));
    const short = { eventName: 'HOOK_SUCCEEDED', hookId: 'ecs-pause-1' };
    expect(eventOf({ ...hookNotification, detail: short })).toEqual({
      ...eventOf(hookNotification),
      ...short,
      occurredAt: Date.UTC(2026, 0, 1, 12, 1),
      hookType: null,
      lifecycleStage: null,
      expiresAt: null,
    });
  });

  it('may name its service only', () => {
    const { serviceDeploymentArn: __, ...detail } = hookNotification.detail;
    expect(eventOf(withDetail(detail))).toMatchObject({ service: fact.service, serviceDeployment: null });
  });

  it('that names neither is invalid', () => {
    expect(translate(withDetail({ eventName: 'HOOK_FAILED', hookId: 'one' }))).toEqual({
      kind: 'invalid',
      because: 'detail.serviceArn is missing',
    });
  });
});

describe('what steers a service deployment', () => {
  it.each([
    ['a hook', hookNotification],
    ['a stop', stopServiceDeployment],
    ['an answer', continueServiceDeployment],
  ])('is read back from an export as it was written: %s', (_name, notification) => {
    const event = JSON.parse(JSON.stringify(eventOf(notification)));
    expect(parseEvent(event)).toEqual({ event });
    expect(parseEvent({ ...event, serviceDeployment: 'web' })).toHaveProperty('because');
  });
});
