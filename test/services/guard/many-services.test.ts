import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSurveyed, survey } from '../../../services/guard/survey';
import { GuardedAccount } from './guarded-account';

const count = 2000;
const pageBytes = 4096;
const policy = 'defaults: { native: careful }';

let account: GuardedAccount;
beforeAll(async () => {
  account = await GuardedAccount.start();
  const { ecs } = account;
  const taskDefinition = await ecs.register();
  const targetGroupArn = await account.targetGroup('shared');
  for (let index = 0; index < count; index += 1) {
    ecs.call('CreateService', {
      cluster: 'prod',
      serviceName: `service-${index}`,
      taskDefinition,
      desiredCount: 0,
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 80 }],
    });
  }
  ecs.clock.advanceBy(3600);
}, 120_000);
afterAll(() => account?.stop());

describe('two thousand services', () => {
  it('are planned in a minute of what AWS admits, in a page of memory each, without a write', async () => {
    const { simulator, clock } = account.ecs;
    simulator.usage.reset();
    const [calls, started] = [simulator.calls.list().length, clock.now()];
    const parts = { ...account.parts(policy), log: null };
    let planned = 0;
    let most = 0;
    const before = settledHeap();
    for await (const one of survey(parts, account.place.inventory.services())) {
      if (isSurveyed(one) && one.plan.status === 'change') planned += 1;
      if (planned % 500 === 0) most = Math.max(most, settledHeap() - before);
    }
    expect(planned).toBe(count);
    expect((clock.now() - started) / 1000).toBeLessThan(60);
    expect(simulator.usage.leastSeconds()).toBeLessThan(60);
    expect(simulator.usage.count('DescribeServices')).toBe(count / 10);
    expect(most / count).toBeLessThan(pageBytes);
    expect(simulator.calls.list()).toHaveLength(calls);
  }, 60_000);
});

/** What is still held after a collection. */
function settledHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

// A worker of vitest is given no flags of its own; V8 takes this one at any time.
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
