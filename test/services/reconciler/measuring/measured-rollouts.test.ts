import { describe, expect, it } from 'vitest';
import { MeasuredCanary, service } from './measured-canary';

const erring = { 'rewind.behaviour': 'erring', 'rewind.error-percent': '2' };
const rolling = { strategy: 'ROLLING' } as const;

describe('a rollout that is measured', { timeout: 120_000 }, () => {
  it('is taken back in its first step when its users get errors, and says what that cost them', async () => {
    const canary = await MeasuredCanary.start();
    await canary.deploy(erring, 3600);
    const [blue, green] = canary.targetGroups;
    const [{ plan } = expect.fail('no plan')] = canary.decisions('AnalysisPlanned');
    expect(plan.arms).toEqual({ candidate: green, baseline: blue, lonely: null });
    expect(plan.message).toMatch(/requests a minute, .* five times as many are seen after about \d+ min/);
    const [{ verdict, startedAt } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect(verdict.message).toMatch(/errors: \d+ of \d+ requests .* × \(95 %: .*chance below 1 in/);
    expect(verdict.at - startedAt).toBeLessThan(8 * 60_000);
    const [end] = canary.decisions('RolloutConcluded');
    expect(end).toMatchObject({ outcome: 'rolledBack' });
    expect(end?.message).toMatch(/of \d+ answers of the new version until 02:\d\d: errors \d\d, slow \d+$/);
  });

  it('R67 says at its start for how long the rule of its listener keeps users with a version', async () => {
    const canary = await MeasuredCanary.start();
    canary.modifyRule({ stickySeconds: 1800 });
    await canary.deploy({}, 900);
    const [{ plan } = expect.fail('no plan')] = canary.decisions('AnalysisPlanned');
    expect(plan.message).toContain("the listener's rule keeps users with a version for 1800 s");
  });

  it('R37 says so where somebody takes the traffic of one version away, and judges nothing since', async () => {
    const canary = await MeasuredCanary.start({
      policy:
        'defaults: { analysis: standard, gates: { stages: [POST_PRODUCTION_TRAFFIC_SHIFT], minimumSeconds: 900 } }',
      configuration: {
        strategy: 'CANARY',
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 30 },
        bakeTimeInMinutes: 5,
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'] }],
      },
    });
    await canary.deploy({}, 420);
    canary.modifyRule({ shares: [100, 0] });
    await canary.pass(600);
    const lost =
      /^the new version had none of the last \d+ requests, though ECS has shifted traffic to it: somebody/;
    const { users = [] } = canary.record;
    expect(users).toContainEqual(expect.stringMatching(lost));
    await canary.pass(300);
    expect(canary.record.users?.[0]).toBe(users[0]);
    canary.modifyRule({ shares: [0, 100] });
    await canary.pass(360);
    expect(canary.record.users).toContainEqual(
      expect.stringMatching(
        /^the old version had none of the last \d+ requests, though ECS leaves it 90 %: /,
      ),
    );
    // ECS shifts the rest, and somebody puts the rule back once more.
    await canary.pass(540);
    canary.modifyRule({ shares: [100, 0] });
    await canary.pass(2_400);
    expect(canary.decisions('GateHeld')).toMatchObject([
      { reason: 'undecided', missing: expect.arrayContaining([expect.stringMatching(lost)]) },
    ]);
  });

  it('R20 passes when errors of both versions rise in the same minutes', async () => {
    const canary = await MeasuredCanary.start();
    await canary.deploy({}, 900);
    const { traffic } = canary.simulator;
    if (traffic !== null) traffic.errorPercent = 5;
    await canary.pass(900);
    if (traffic !== null) traffic.errorPercent = 0.1;
    await canary.pass(5400);
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'passed' });
  });

  it('R18 is held, and ends inconclusive, where the new version has no requests at all', async () => {
    const canary = await MeasuredCanary.start({ traffic: { requestsPerSecond: 0 } });
    await canary.deploy(erring);
    const [first, second] = canary.decisions('BakeElapsed');
    expect((second?.occurredAt ?? 0) - (first?.occurredAt ?? 0)).toBe(300_000);
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'inconclusive', reason: 'DeadlineElapsed' });
    expect(verdict.message).toContain('no request of the new version was counted');
  });

  it('R36 is held to the past of its service where both versions share a target group', async () => {
    const canary = await MeasuredCanary.start({ configuration: rolling });
    await canary.deploy(erring, 3600);
    const [{ plan } = expect.fail('no plan')] = canary.decisions('AnalysisPlanned');
    expect(plan.arms).toMatchObject({ baseline: null, lonely: 'sharedTargetGroup' });
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect(canary.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'rolledBack' }]);
  });

  it('fails by a limit of the policy, and is judged by it where it is the first', async () => {
    const policy = JSON.stringify({
      defaults: {
        analysis: {
          metrics: [{ preset: 'target-5xx', compare: null, count: { max: 20, withinSeconds: 120 } }],
        },
      },
    });
    const canary = await MeasuredCanary.start({ policy });
    await canary.deploy(erring, 3600);
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'LimitExceeded' });
    expect(verdict.message).toContain('more than 20 within 120 s');
  });

  it('is measured and judged in observe mode, and nothing is written to ECS', async () => {
    const canary = await MeasuredCanary.start({ policy: 'defaults: { analysis: standard, mode: observe }' });
    await canary.deploy(erring, 9000);
    expect(canary.decisions('VerdictReached')).toMatchObject([{ verdict: { reason: 'MetricDegraded' } }]);
    expect(canary.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'notEnforced' }]);
    expect(canary.decisions('RollbackIssued')).toEqual([]);
  });

  it('R45 is judged by the rest where the back-end was silent, and asks again for what it can still get', async () => {
    let silentUntil = 0;
    const canary = await MeasuredCanary.start({
      measuring: ({ plan, read }) => ({
        plan,
        read: async (service, question) => {
          if (canary.clock.now() < silentUntil) throw new Error('the back-end is down');
          return read(service, question);
        },
      }),
    });
    const startedAt = canary.clock.now();
    silentUntil = startedAt + 9 * 60_000;
    await canary.deploy(erring, 3600);
    const taken = canary.decisions('MeasurementTaken');
    // The first minutes are given up three minutes after they were whole; the others are made good.
    const states = taken.map(({ readings }) => readings[0]?.state);
    const unreadable = states.filter((state) => state === 'unreadable').length;
    expect(unreadable).toBeGreaterThanOrEqual(2);
    expect(unreadable).toBeLessThanOrEqual(4);
    expect(states.slice(0, unreadable + 2)).toEqual([
      ...Array(unreadable).fill('unreadable'),
      ...Array(2).fill('measured'),
    ]);
    expect(canary.decisions('VerdictReached')).toMatchObject([{ verdict: { reason: 'MetricDegraded' } }]);
  });

  it('R42 is not blamed for what the load balancer answers by itself, where no task is healthy', async () => {
    const canary = await MeasuredCanary.start({ configuration: { strategy: 'ROLLING' } });
    await canary.deploy({ 'rewind.behaviour': 'unhealthy' }, 3600);
    const reasons = canary.decisions('VerdictReached').map(({ verdict }) => verdict.reason);
    expect(reasons).not.toContain('MetricDegraded');
    expect(reasons).toHaveLength(1);
  });

  it('R47 is judged by the counts that were recorded first, whatever the back-end says of them later', async () => {
    let factor = 1;
    const canary = await MeasuredCanary.start({
      measuring: ({ plan, read }) => ({
        plan,
        read: async (service, question) =>
          (await read(service, question)).map((one) => ({
            ...one,
            readings: one.readings.map((reading) => ({
              ...reading,
              candidate: reading.candidate && {
                ...reading.candidate,
                events: reading.candidate.events * factor,
              },
            })),
          })),
      }),
    });
    await canary.deploy({}, 900);
    const before = canary.decisions('MeasurementTaken');
    factor = 1000;
    await canary.rewind.reconcile({ service, changedFrom: null });
    expect(canary.decisions('MeasurementTaken').slice(0, before.length)).toEqual(before);
    expect(new Set(before.map(({ until }) => until)).size).toBe(before.length);
  });

  it('R61 R63 is judged by the policy it began with, whatever tags say later and autoscaling does', async () => {
    const canary = await MeasuredCanary.start();
    await canary.deploy({ ...erring, 'rewind.error-percent': '0.5' }, 420);
    const resourceArn = service;
    canary.call('TagResource', { resourceArn, tags: [{ key: 'rewind:analysis', value: 'off' }] });
    canary.call('UpdateService', { cluster: 'prod', service: 'web', desiredCount: 6 });
    const before = canary.decisions('MeasurementTaken').length;
    await canary.pass(3600);
    expect(canary.decisions('MeasurementTaken').length).toBeGreaterThan(before + 3);
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    // Of a minute's 6,000 requests the candidate gets its share, however many tasks answer them.
    const [{ readings } = expect.fail('nothing measured')] = canary.decisions('MeasurementTaken').slice(-1);
    const all = (readings[0]?.candidate?.requests ?? 0) + (readings[0]?.baseline?.requests ?? 0);
    expect(all).toBeGreaterThan(5500);
    expect(all).toBeLessThan(6500);
  });

  it('costs a service without analysis nothing', async () => {
    const canary = await MeasuredCanary.start({ policy: 'defaults: { bakeSeconds: 300 }' });
    await canary.deploy(erring);
    expect(canary.events.map(({ type }) => type)).not.toContain('AnalysisPlanned');
    expect(canary.events.map(({ type }) => type)).not.toContain('MeasurementTaken');
  });
});
