import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';
import { CanaryAccount } from './canary-account';

const files = temporaryFiles();
let account: CanaryAccount;
afterEach(() => account.ecs.stop());

const linear = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 },
  bakeTimeInMinutes: 5,
} as const;
const erring = { 'rewind.behaviour': 'erring', 'rewind.error-percent': '2' };

function analyse(...options: string[]) {
  const { endpoint, clock } = account.ecs;
  const asOf = new Date(clock.now()).toISOString();
  return rewindHere(['analyse', 'prod/web', '--endpoint-url', endpoint, '--as-of', asOf, ...options]);
}

async function rolloutsFound(...options: string[]) {
  const { stdout } = await analyse('--format', 'json', ...options);
  return JSON.parse(stdout).rollouts as {
    result: string;
    status: string;
    arms: { candidate: string; baseline: string; lonely: string | null };
    firstUsersUntil: string | null;
    failedAt: string | null;
    answered: { requests: number; events: number };
    answeredAtFailure: { requests: number; events: number } | null;
    metrics: { metric: string; result: string; message: string }[];
  }[];
}

describe('rewind analyse', { timeout: 30_000 }, () => {
  it('R35 finds a release that errs in its first step, and says what users got until its end', async () => {
    account = await CanaryAccount.start(linear);
    await account.rollOut(erring);
    await account.rollOut({});
    await account.rollOut({ 'rewind.behaviour': 'slow', 'rewind.response-seconds': '0.08' });
    const [blue, green] = account.targetGroups;
    const [first, bad, good, slow] = await rolloutsFound();
    expect(first).toMatchObject({ arms: { candidate: blue, baseline: null, lonely: 'firstDeployment' } });
    expect(bad).toMatchObject({ status: 'SUCCESSFUL', result: 'failed', arms: { candidate: green } });
    const minutes = (Date.parse(bad?.failedAt ?? '') - Date.parse(bad?.firstUsersUntil ?? '')) / 60_000;
    expect(minutes).toBeLessThanOrEqual(1);
    expect(bad?.answeredAtFailure?.events).toBeLessThan(60);
    expect(bad?.answered.events).toBeGreaterThan(3000);
    expect(good).toMatchObject({ result: 'accepted', arms: { candidate: blue, baseline: green } });
    expect(slow).toMatchObject({
      result: 'failed',
      arms: { candidate: green, baseline: blue },
      metrics: [{ result: 'accepted' }, { metric: 'slow', result: 'failed' }],
    });
    const { code, stdout } = await analyse();
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ web:2 for web:1 {2}LINEAR .* SUCCESSFUL\n {2}failed .* after its first users/);
    expect(stdout).toMatch(/errors +\d+ of [\d,]+ requests \(.* %\) against .* ×/);
    expect(stdout).toContain('4 rollouts: 2 failed, 1 accepted, 1 undecided or not measured');
    expect(stdout).toMatch(
      /it had answered \d+ errors by\s+then, \d+ errors\s+when\s+that\s+was\s+known, [\d,]+/,
    );
    await expectPoliciesTried(bad?.answeredAtFailure?.events ?? 0);
  });

  /** What a policy file would have made of the same rollouts, and each value of a sweep. */
  async function expectPoliciesTried(errorsAtFailure: number) {
    const lenient = files.write(
      'lenient.yml',
      'services: [{ match: prod/web, analysis: { metrics: [{ preset: target-5xx, compare: { maxIncreasePercent: 9000, unacceptableIncreasePercent: 9900 } }, { name: orders, provider: { lambda: { function: f } } }] } }]',
    );
    const { stdout, stderr, code } = await analyse('--policy', lenient);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('left out, as only what load balancers count is asked for: orders'),
    });
    expect(stdout).toContain('4 rollouts: 0 failed');
    const slowOnly = files.write(
      'slow.yml',
      'defaults: { analysis: { metrics: [{ preset: target-slow, slowerThanSeconds: 2 }] } }',
    );
    const slow = JSON.parse((await analyse('--policy', slowOnly, '--format', 'json')).stdout);
    expect(slow.rollouts.map((one: { slowerThanSeconds: number }) => one.slowerThanSeconds)).toEqual([
      2, 2, 2, 2,
    ]);
    const swept = await analyse('--sweep', 'maxIncreasePercent=50,150', '--format', 'json');
    const { trials } = JSON.parse(swept.stdout);
    expect(trials).toMatchObject([
      {
        key: 'maxIncreasePercent',
        value: 50,
        accepted: 1,
        failed: [{ taskDefinition: expect.stringContaining(':2') }, {}],
      },
      { value: 150, failed: [{}] },
    ]);
    expect(trials[0].failed[0].errorsWhenKnown).toBeGreaterThan(errorsAtFailure);
    expect((await analyse('--sweep', 'maxPercent=1..3')).stdout).toMatch(
      /^maxPercent +failed +accepted +open +errors until known +which failed\n +1 +\d/,
    );
  }

  it('R20 takes nothing that befalls both versions for a fault of the new one', async () => {
    account = await CanaryAccount.start(linear);
    const traffic = account.ecs.simulator.traffic;
    await account.rollOut({}, 900);
    if (traffic !== null) traffic.errorPercent = 5;
    account.ecs.clock.advanceBy(900);
    if (traffic !== null) traffic.errorPercent = 0.1;
    account.ecs.clock.advanceBy(5400);
    const [, rollout] = await rolloutsFound();
    expect(rollout).toMatchObject({ result: 'accepted', answered: { events: expect.any(Number) } });
    expect(rollout?.answered.events).toBeGreaterThan(500);
  });

  it('R18 says of a version without requests that nothing is known', async () => {
    account = await CanaryAccount.start(linear, { requestsPerSecond: 0 });
    await account.rollOut(erring);
    const [, rollout] = await rolloutsFound();
    expect(rollout).toMatchObject({ firstUsersUntil: null, failedAt: null });
    expect(rollout?.result).not.toBe('accepted');
    expect((await analyse()).code).toBe(0);
  });

  it("R36 holds a version in a shared target group to the service's own past, and to the limits given", async () => {
    account = await CanaryAccount.start({ strategy: 'ROLLING' });
    await account.rollOut(erring);
    const [, own] = await rolloutsFound();
    expect(own).toMatchObject({
      arms: { lonely: 'sharedTargetGroup' },
      result: 'failed',
      metrics: [{ brokenRule: 'comparison', baseline: null }, { result: 'accepted' }],
    });
    const [, limited] = await rolloutsFound(
      '--max-increase',
      '5000',
      '--unacceptable-increase',
      '9000',
      '--max-errors',
      '1',
    );
    expect(limited).toMatchObject({ result: 'failed', metrics: [{ brokenRule: 'maximumRate' }, {}] });
    const [, counted] = await rolloutsFound(
      '--max-increase',
      '5000',
      '--unacceptable-increase',
      '9000',
      '--max-count',
      '10 in 600s',
    );
    expect(counted).toMatchObject({ result: 'failed', metrics: [{ brokenRule: 'maximumCount' }, {}] });
    expect((await analyse()).stdout).toContain('both versions share a target group');
  });

  it('refuses what makes no sense', async () => {
    account = await CanaryAccount.start(linear);
    const contradiction = await analyse('--max-increase', '300');
    expect(contradiction).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--unacceptable-increase'),
    });
    expect(await analyse('--false-alarms', '0')).toMatchObject({ code: 64 });
    expect(await analyse('--max-errors', '')).toMatchObject({ code: 64 });
    expect(await analyse('--max-count', '10')).toMatchObject({ code: 64 });
    expect(await analyse('--sweep', 'bakeSeconds=1..3')).toMatchObject({ code: 64 });
    expect(await analyse('--sweep', 'unacceptableIncreasePercent=20')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('must have a larger unacceptableIncreasePercent'),
    });
    const none = files.write('none.yml', 'defaults: {}');
    expect(await analyse('--policy', none)).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('says nothing of analysis for prod/web'),
    });
    expect(await analyse('--policy', none, '--max-errors', '1')).toMatchObject({ code: 64 });
  });
});
