import { describe, expect, it } from 'vitest';
import { wakeAll } from '../../../../services/reconciler/wake-ups';
import { parseServiceArn, type ServiceArn } from '../../../../state-machines/log/identifiers';

const serviceArn = (index: number) =>
  parseServiceArn(`arn:aws:ecs:us-east-1:123456789012:service/prod/web-${index}`);
const wakeUps = Array.from({ length: 25 }, (_, index) => ({
  wakeUp: { service: serviceArn(index), changedFrom: null },
  sequenceNumber: String(index),
}));

describe('a batch of the stream', () => {
  it('wakes each service once, ten at a time, and names those that fail by their records', async () => {
    const woken: ServiceArn[] = [];
    const failed: ServiceArn[] = [];
    let underWay = 0;
    let most = 0;
    const records = await wakeAll(
      wakeUps,
      async ({ service }) => {
        woken.push(service);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        if ([3, 17].map(serviceArn).includes(service)) throw new Error('no database');
        return { nextWakeAt: null };
      },
      (service) => failed.push(service),
    );
    expect(woken).toEqual(wakeUps.map(({ wakeUp }) => wakeUp.service));
    expect([most, records, failed]).toEqual([10, ['3', '17'], [3, 17].map(serviceArn)]);
  });
});
