import { afterEach, describe, expect, it } from 'vitest';
import type { ReleaseTests } from '../../../../services/aws/tests/release-tests';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { service } from '../worlds/rewind-at-work';
import { GatedService } from './gated-service';

let gated: GatedService;
afterEach(() => gated.rewind.stop());

const smoke = 'tests: [{ name: smoke, task: { taskDefinition: web-smoke } }]';
const retried = 'tests: [{ name: smoke, task: { taskDefinition: web-smoke }, retries: 1 }]';

/** A service with a gate, and the task definition that its test runs. */
async function start(
  labels: Record<string, string> | null,
  { gates = '', more = smoke, stages = ['POST_TEST_TRAFFIC_SHIFT'] } = {},
): Promise<void> {
  gated = await GatedService.start(stages, { gates, more });
  if (labels !== null) gated.registerTest(labels);
}

const exits = (code: number, more: Record<string, string> = {}) => ({
  'rewind.behaviour': 'crash',
  'rewind.crash-after': '20',
  'rewind.exit-code': `${code}`,
  ...more,
});
const ended = async () =>
  (await gated.rewind.decisions('TestEnded')).map(({ attempt, result }) => [attempt, result]);
const answers = async () => (await gated.rewind.decisions('GateDecided')).map(({ answer }) => answer);
const runs = () => gated.rewind.ecs.simulator.calls.effective('RunTask').length;
const verdict = async () => (await gated.rewind.decisions('VerdictReached')).at(-1)?.verdict;

async function expectEveryDecisionConfirmed(): Promise<void> {
  for (const { decision, verification } of verifyDecisions(await gated.rewind.recorded())) {
    expect([decision.event.type, verification.result, verification]).toEqual([
      decision.event.type,
      'confirmed',
      expect.anything(),
    ]);
  }
}

describe('a test', () => {
  it('that passes lets the gate open, and what it wrote is kept', async () => {
    await start(exits(0, { 'rewind.says': 'first\n12 of 12 passed' }));
    await gated.rewind.withStable();
    const next = await gated.deploy();
    await gated.rewind.pass(1_500);
    expect(await gated.rewind.decisions('TestEnded')).toMatchObject([
      { result: 'passed', message: 'exit code 0', evidence: ['first', '12 of 12 passed'] },
    ]);
    expect([await answers(), await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      ['CONTINUE'],
      next,
      ['succeeded'],
    ]);
    await expectEveryDecisionConfirmed();
  });

  it('called what every object inherits runs as any other', async () => {
    const more = 'tests: [{ name: constructor, task: { taskDefinition: web-smoke } }]';
    await start(exits(0), { more });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(900);
    expect([await ended(), await answers()]).toEqual([[[1, 'passed']], ['CONTINUE']]);
  });

  it('that fails each time fails the release before users meet it, and its lines are kept', async () => {
    await start(exits(1, { 'rewind.says': 'GET /: 500' }), { more: retried });
    const stable = await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(1_500);
    expect(await ended()).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
    expect((await gated.rewind.decisions('TestEnded')).at(-1)?.evidence).toEqual(['GET /: 500']);
    expect((await gated.rewind.decisions('VerdictReached')).map((one) => one.verdict)).toContainEqual(
      expect.objectContaining({
        result: 'failed',
        reason: 'TestFailed',
        message: 'the test smoke failed: exit code 1 (attempt 2): GET /: 500',
      }),
    );
    expect([await answers(), await gated.rewind.runs(), gated.answers]).toEqual([['ROLLBACK'], stable, 0]);
    await expectEveryDecisionConfirmed();
  });

  it('R53 that could not be run is run again, and then left to a person: the release is not blamed', async () => {
    await start({ 'rewind.behaviour': 'unpullable' }, { more: retried, gates: 'holdSeconds: 900' });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(1_800);
    expect(await ended()).toEqual([
      [1, 'error'],
      [2, 'error'],
    ]);
    expect(await gated.rewind.decisions('GateHeld')).toMatchObject([
      { reason: 'undecided', missing: [expect.stringContaining('the test smoke could not be run')] },
    ]);
    expect([await answers(), (await verdict())?.result]).toEqual([[], 'passed']);
    await expectEveryDecisionConfirmed();
  });

  it('R53 of a task definition that is not there is an error', async () => {
    await start(null, { gates: 'holdSeconds: 300' });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(900);
    expect(await gated.rewind.decisions('TestEnded')).toMatchObject([
      { result: 'error', message: expect.stringContaining('TaskDefinition not found') },
    ]);
    await expectEveryDecisionConfirmed();
  });

  it('R54 is no task of the rollout: what it does counts for nothing there', async () => {
    await start(exits(1), { more: `${smoke.replace(' }]', ', required: false }]')}` });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(1_500);
    const tasks = (await gated.rewind.events()).filter(({ type }) => type === 'TaskChanged');
    const [begun] = await gated.rewind.decisions('TestBegun');
    expect(tasks.some((event) => 'task' in event && event.task === begun?.task)).toBe(false);
    expect([await ended(), await answers(), await gated.outcomes()]).toEqual([
      [[1, 'failed']],
      ['CONTINUE'],
      ['succeeded'],
    ]);
  });

  it('R55 runs once, however many ask and whatever reply is lost', async () => {
    await start(exits(0), { gates: 'minimumSeconds: 0' });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(30);
    gated.rewind.isAwake = false;
    await gated.passUntilWaiting();
    const own = gated.rewind.rewindsTests();
    const losing: ReleaseTests = {
      ...own,
      begin: async (...given) => {
        await own.begin(...given);
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
    };
    const { ecs } = gated.rewind;
    const { policies } = gated;
    const wakeUp = { service, changedFrom: null };
    await gated.rewind.reconcilerWith({ policies, tests: losing, ecs: gated.ownEcs() })(wakeUp);
    const others = [0, 1, 2].map(() =>
      gated.rewind.reconcilerWith({ policies, tests: own, ecs: gated.ownEcs() })(wakeUp),
    );
    await Promise.all(others);
    gated.rewind.isAwake = true;
    await gated.rewind.pass(300);
    expect([runs(), await ended(), gated.answers]).toEqual([1, [[1, 'passed']], 1]);
    expect(
      ecs.simulator.calls.list().filter(({ operation }) => operation === 'RunTask').length,
    ).toBeGreaterThan(1);
  });

  it('that does not end in time has failed, and its task is stopped', async () => {
    await start({}, { more: smoke.replace(' }]', ', timeoutSeconds: 120 }]') });
    const stable = await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(1_500);
    expect(await gated.rewind.decisions('TestEnded')).toMatchObject([
      { result: 'failed', message: 'it had not ended after 120 s' },
    ]);
    expect(gated.rewind.ecs.simulator.calls.effective('StopTask')).toHaveLength(1);
    expect(await gated.rewind.runs()).toBe(stable);
    await expectEveryDecisionConfirmed();
  });

  it('R68 of a gate that a person answered early keeps the next gate waiting until it has ended', async () => {
    const stages = ['POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'];
    await start(exits(0, { 'rewind.crash-after': '400' }), { stages });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.passUntilWaiting();
    await gated.rewind.pass(65);
    await gated.answer('CONTINUE');
    await gated.rewind.pass(1_800);
    const [test] = await gated.rewind.decisions('TestEnded');
    const [gate, ...others] = await gated.rewind.decisions('GateDecided');
    expect([gate?.stage, others]).toEqual(['POST_PRODUCTION_TRAFFIC_SHIFT', []]);
    expect(gate?.occurredAt).toBeGreaterThanOrEqual(test?.occurredAt ?? Infinity);
    expect([await ended(), await gated.outcomes()]).toEqual([[[1, 'passed']], ['succeeded']]);
  });

  it('R34 of a first deployment fails it, and a person is told: no ROLLBACK is sent', async () => {
    await start(exits(1));
    await gated.deployFirst();
    await gated.rewind.pass(900);
    expect(await gated.rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'noSafeTarget' }]);
    expect(await gated.rewind.decisions('GateHeld')).toMatchObject([{ reason: 'noWayBack' }]);
    expect([gated.answers, gated.rewind.writes('StopServiceDeployment')]).toEqual([0, 0]);
  });

  it('R59 R60 is not run while the kill switch is on, nor where Rewind only observes', async () => {
    await start(exits(0), { more: `mode: observe, ${smoke}` });
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(900);
    expect([runs(), await gated.rewind.decisions('TestBegun')]).toEqual([0, []]);
    await gated.rewind.stop();
    await start(exits(0));
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(30);
    gated.rewind.isAwake = false;
    await gated.passUntilWaiting();
    const killSwitch = { heldBecause: async () => 'the kill switch is on' };
    const policies = parsePolicyFile('', 'policy');
    const parts = { policies, tests: gated.rewind.rewindsTests(), ecs: gated.ownEcs(), killSwitch };
    await gated.rewind.reconcilerWith(parts)({ service, changedFrom: null });
    expect([runs(), await gated.rewind.decisions('GateHeld')]).toMatchObject([
      0,
      [{ reason: 'held', missing: ['the kill switch is on'] }],
    ]);
  });

  it('that a pipeline answers opens the gate, or fails the release, with who said so and why', async () => {
    for (const [testResult, outcome] of [
      ['passed', 'succeeded'],
      ['failed', 'rolledBack'],
    ] as const) {
      await start(null, { more: 'tests: [{ name: contract, answeredBy: ci }]' });
      await gated.rewind.withStable();
      await gated.deploy();
      await gated.passUntilWaiting();
      await gated.rewind.pass(120);
      expect(await answers()).toEqual([]);
      await gated.answerTest('contract', testResult);
      await gated.rewind.pass(1_500);
      expect(await gated.rewind.decisions('TestEnded')).toMatchObject([
        { result: testResult, message: 'arn:aws:iam::123456789012:role/ci says so: run 12' },
      ]);
      expect((await gated.outcomes())[0]).toBe(outcome);
      await expectEveryDecisionConfirmed();
      if (testResult === 'passed') await gated.rewind.stop();
    }
  });
});
