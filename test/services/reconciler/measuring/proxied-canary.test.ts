import { afterEach, describe, expect, it } from 'vitest';
import { prometheusBackEnd } from '../../../../services/aws/measurements/back-ends/prometheus-back-end';
import { identity } from '../../aws/back-ends/told-back-ends';
import {
  hasVictoriaMetrics,
  startVictoriaMetrics,
  type VictoriaMetrics,
} from '../../aws/back-ends/victoria-metrics';
import { MeasuredCanary } from './measured-canary';
import { ProxiedUsers } from './proxied-users';

let metrics: VictoriaMetrics;
let users: ProxiedUsers;
afterEach(() => Promise.all([metrics.stop(), users.stop()]));

const increase = (selector: string) => `sum(increase(http_requests_total{${selector}}[{{ window }}]))`;
const own = 'TaskRevision="{{ arm.revision }}"';

async function start(failsEvery: readonly [old: number, next: number]): Promise<MeasuredCanary> {
  [metrics, users] = await Promise.all([startVictoriaMetrics(), ProxiedUsers.start(failsEvery)]);
  const checkout = {
    name: 'checkout',
    provider: { prometheus: { address: metrics.address } },
    events: increase(`${own},code="500"`),
    total: increase(own),
  };
  return MeasuredCanary.start({
    policy: JSON.stringify({ defaults: { analysis: { metrics: [checkout] } } }),
    configuration: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 20 },
      bakeTimeInMinutes: 5,
    },
    backEnds: () => async () => prometheusBackEnd(identity),
  });
}

/** Users ask through the proxy, which follows the rule as ECS sets it; versions are scraped. */
async function serve(canary: MeasuredCanary, seconds: number): Promise<number> {
  let failed = 0;
  for (let passed = 0; passed < seconds; passed += 15) {
    const answers = await users.ask(50, canary.shareOfNewGroup);
    failed += answers.filter((status) => status === 500).length;
    await metrics.take(await users.scrape(canary.clock.now() + 14_000));
    await canary.pass(15);
  }
  return failed;
}

describe.skipIf(!hasVictoriaMetrics)(
  'a canary behind a real proxy, measured by a real VictoriaMetrics (skipped where npm could get none)',
  { timeout: 120_000 },
  () => {
    it('is taken back by what its users were answered, of which each request is counted', async () => {
      const canary = await start([500, 10]);
      await serve(canary, 60);
      await canary.deploy({}, 0);
      const failed = await serve(canary, 1_260);
      const measured = canary.decisions('MeasurementTaken');
      const [{ verdict } = expect.fail(`no verdict on ${JSON.stringify(measured.slice(0, 5))}`)] =
        canary.decisions('VerdictReached');
      expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
      expect(verdict.message).toMatch(/^checkout: \d+ of \d+ requests \(10 %\) against /);
      const [old, next] = users.served;
      expect(next?.requests).toBeGreaterThan(100);
      expect(failed).toBeGreaterThanOrEqual(next?.errors ?? Infinity);
      const counted = measured.flatMap(({ readings }) => readings);
      const sum = (of: 'requests' | 'events') =>
        counted.reduce((all, { candidate }) => all + (candidate?.[of] ?? 0), 0);
      expect([sum('requests'), sum('events')]).toEqual([next?.requests, next?.errors]);
      expect(old?.errors).toBeGreaterThan(0);
      expect(canary.decisions('RolloutConcluded')).toMatchObject([
        {
          outcome: 'rolledBack',
          message: expect.stringMatching(/of \d+ answers of the new version until .*: checkout \d+$/),
        },
      ]);
      expect(canary.shareOfNewGroup).toBe(0);
    });
  },
);
