import { expect, it } from 'vitest';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { countOverdue } from '../../../services/reconciler/overdue';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom, secondsAfter } from '../../../state-machines/log/instant';

it('counts the services that wanted to be woken more than five minutes ago, and still do', async () => {
  const now = instantFrom(Date.UTC(2026, 0, 1));
  const log = memoryEventLog();
  const waits = { late: -301, due: -299, later: 60, never: null };
  for (const [name, seconds] of Object.entries(waits)) {
    await log.writeSnapshot(parseServiceArn(`arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`), {
      version: 1,
      reducerVersion: 1,
      fold: {},
      nextWakeAt: seconds === null ? null : secondsAfter(now, seconds),
      watchedAlarms: [],
    });
  }
  expect(await countOverdue(log, now)).toBe(1);
});
