import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import { alarmChangedFor } from '../../../services/notifications/translation';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { envelope, fact, service } from './envelopes';

describe("an alarm's change of state", () => {
  const alarm = {
    ...envelope('CloudWatch Alarm State Change', {
      alarmName: 'web-5xx',
      state: { value: 'ALARM', timestamp: '2026-01-01T12:00:00.123+0000', reasonData: '{not json' },
    }),
    source: 'aws.cloudwatch',
    resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx'],
  };

  it('becomes an event of each service that it is looked up for', () => {
    const translation = translate(alarm);
    if (translation.kind !== 'alarm') throw new Error(translation.kind);
    expect(alarmChangedFor(translation.alarm, parseServiceArn(service))).toEqual({
      type: 'AlarmChanged',
      ...fact,
      alarm: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx',
      alarmName: 'web-5xx',
      state: 'ALARM',
      previousState: null,
    });
  });

  it('from the state that it was created with shows that it is new', () => {
    const was = (reason: string) => {
      const detail = { ...alarm.detail, previousState: { value: 'INSUFFICIENT_DATA', reason } };
      return (translate({ ...alarm, detail }) as { alarm?: object }).alarm;
    };
    expect(was('Unchecked: Initial alarm creation')).toMatchObject({ wasNew: true });
    expect(was('Insufficient Data: 1 datapoint was unknown.')).not.toHaveProperty('wasNew');
  });

  it('of a contributor to it is another detail type, and ignored', () => {
    expect(translate({ ...alarm, 'detail-type': 'CloudWatch Alarm Contributor State Change' }).kind).toBe(
      'ignored',
    );
  });
});
