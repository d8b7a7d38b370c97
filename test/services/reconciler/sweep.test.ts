import { describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { sweep } from '../../../services/reconciler/sweep';
import { parseServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import { reducerVersion } from '../../../state-machines/log/reducer-version';

const now = instantFrom(Date.UTC(2026, 0, 1));

async function logWithServicesDue(count: number) {
  const log = memoryEventLog();
  for (let number = 0; number < count; number += 1) {
    const service = parseServiceArn(`arn:aws:ecs:us-east-1:123456789012:service/prod/web-${number}`);
    const kept = { version: 1, reducerVersion, fold: {}, nextWakeAt: now, watchedAlarms: [] };
    await log.writeSnapshot(service, kept);
  }
  return log;
}

describe('the sweep', () => {
  it('wakes every service that is due once, ten at a time, whichever of them fail (I5)', async () => {
    const woken: ServiceArn[] = [];
    const failed: ServiceArn[] = [];
    let atATime = 0;
    let mostAtATime = 0;
    const swept = await sweep({
      eventLog: await logWithServicesDue(35),
      now: () => now,
      onFailure: (service) => failed.push(service),
      async reconcile({ service }) {
        atATime += 1;
        mostAtATime = Math.max(mostAtATime, atATime);
        await new Promise(setImmediate);
        atATime -= 1;
        woken.push(service);
        if (/-(?:0|7|34)$/.test(service)) throw new Error('the log is out of reach');
        return { nextWakeAt: null };
      },
    });
    expect(swept).toEqual({ woken: 35, failed: 3 });
    expect(new Set(woken).size).toBe(35);
    expect(failed).toHaveLength(3);
    expect(mostAtATime).toBe(10);
  });

  it('leaves to the next sweep what one run has no time for', async () => {
    const eventLog = await logWithServicesDue(510);
    const reconcile = async () => ({ nextWakeAt: null });
    const swept = await sweep({ eventLog, now: () => now, reconcile, onFailure: () => {} });
    expect(swept).toEqual({ woken: 500, failed: 0 });
  });
});
