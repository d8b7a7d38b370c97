import { afterEach, describe, expect, it } from 'vitest';
import { never } from '../worlds/rewind-at-work';
import { GatedService } from './gated-service';

let gated: GatedService;
afterEach(() => gated.rewind.stop());

const everyGate = [
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];
const crashing = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '200' };

async function start(
  stages = ['POST_TEST_TRAFFIC_SHIFT'],
  options: Parameters<typeof GatedService.start>[1] = {},
) {
  gated = await GatedService.start(stages, options);
  return gated.rewind.withStable();
}
const held = async () => (await gated.rewind.decisions('GateHeld')).map(({ reason }) => reason);
const decided = async () =>
  (await gated.rewind.decisions('GateDecided')).map(({ stage, step, answer }) => [stage, step, answer]);

describe('a gate of the policy', () => {
  it('is answered once for each hook, and the canary goes on step by step to its end', async () => {
    await start(everyGate, { gates: 'minimumSeconds: 60' });
    const next = await gated.deploy();
    await gated.rewind.pass(1_800);
    expect(await decided()).toEqual([
      ['POST_TEST_TRAFFIC_SHIFT', null, 'CONTINUE'],
      ['PRE_PRODUCTION_TRAFFIC_SHIFT', 1, 'CONTINUE'],
      ['PRE_PRODUCTION_TRAFFIC_SHIFT', 2, 'CONTINUE'],
      ['POST_PRODUCTION_TRAFFIC_SHIFT', 2, 'CONTINUE'],
    ]);
    const answered = await gated.rewind.decisions('GateAnswered');
    expect(new Set(answered.map(({ hookId }) => hookId)).size).toBe(4);
    expect([gated.answers, await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      4,
      next,
      ['succeeded'],
    ]);
  });

  it('R25 is answered within a sweep where no notification of it arrived', async () => {
    await start();
    await gated.deploy();
    await gated.rewind.pass(30);
    gated.rewind.delaysOf = never;
    await gated.passUntilWaiting();
    await gated.rewind.pass(130);
    expect([gated.answers, await gated.openHooks()]).toEqual([1, []]);
  });

  it('R29 is passed through at once where the release fails while it waits', async () => {
    const stable = await start(undefined, { gates: 'minimumSeconds: 3000' });
    await gated.deploy(crashing);
    await gated.rewind.pass(1_800);
    expect(await decided()).toEqual([['POST_TEST_TRAFFIC_SHIFT', null, 'ROLLBACK']]);
    expect(await gated.rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'StopServiceDeployment', target: stable },
    ]);
    expect([gated.answers, gated.rewind.writes('StopServiceDeployment')]).toEqual([0, 1]);
    expect([await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      stable,
      ['rolledBack', 'succeeded'],
    ]);
  });

  it('R24 is left to people where two hooks wait at once, and they are told once', async () => {
    await start();
    await gated.deploy({}, { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] });
    await gated.rewind.pass(900);
    expect([await held(), gated.answers]).toEqual([['ambiguous'], 0]);
    expect(await gated.openHooks()).toHaveLength(2);
  });

  it('of a stage that the policy does not name is a person’s, and Rewind sees that they answered', async () => {
    await start();
    await gated.deploy({}, { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] });
    await gated.passUntilWaiting();
    await gated.rewind.pass(300);
    expect(gated.answers).toBe(0);
    await gated.answer('CONTINUE');
    await gated.rewind.pass(1_500);
    expect([gated.answers, await gated.outcomes()]).toEqual([2, ['succeeded']]);
  });

  it('that a person answers by hand is told as theirs, and not answered again', async () => {
    await start(undefined, { gates: 'minimumSeconds: 3000' });
    await gated.deploy();
    await gated.passUntilWaiting();
    await gated.rewind.pass(60);
    await gated.answer('CONTINUE');
    await gated.rewind.pass(1_500);
    expect(await gated.rewind.decisions('GateOvertaken')).toMatchObject([{ found: 'HOOK_SUCCEEDED' }]);
    expect([await decided(), gated.answers, await gated.outcomes()]).toEqual([[], 1, ['succeeded']]);
  });

  it('that a person answers with ROLLBACK takes the release back, and Rewind writes nothing', async () => {
    const stable = await start(undefined, { gates: 'minimumSeconds: 3000' });
    await gated.deploy();
    await gated.passUntilWaiting();
    await gated.rewind.pass(60);
    await gated.answer('ROLLBACK');
    await gated.rewind.pass(1_500);
    expect([await gated.rewind.runs(), gated.rewind.writes('StopServiceDeployment')]).toEqual([stable, 0]);
    expect((await gated.outcomes())[0]).toBe('rolledBack');
  });

  it('R30 that timed out while Rewind was away is adopted as ECS’s way back, with no write after', async () => {
    const stable = await start();
    await gated.deploy();
    gated.rewind.isAwake = false;
    await gated.passUntilWaiting();
    await gated.rewind.pass(3_605);
    gated.rewind.isAwake = true;
    await gated.rewind.pass(900);
    expect([gated.answers, gated.rewind.writes('StopServiceDeployment')]).toEqual([0, 0]);
    expect([await gated.rewind.runs(), (await gated.outcomes())[0]]).toEqual([stable, 'rolledBack']);
    expect(await gated.rewind.decisions('GateOvertaken')).toMatchObject([{ found: 'HOOK_TIMED_OUT' }]);
  });

  it('R57 of a rollout that a newer deployment supersedes is not answered', async () => {
    await start(undefined, { gates: 'minimumSeconds: 600' });
    await gated.deploy();
    const first = await gated.passUntilWaiting();
    await gated.rewind.pass(60);
    await gated.deploy();
    await gated.rewind.pass(3_000);
    const answered = await gated.rewind.decisions('GateDecided');
    expect(answered.map(({ hookId }) => hookId)).not.toContain(first);
    expect(await gated.outcomes()).toEqual(['superseded', 'succeeded']);
  });

  it('R60 is not answered in observe mode, and that is told', async () => {
    await start(undefined, { more: 'mode: observe' });
    await gated.deploy();
    await gated.rewind.pass(900);
    expect([await held(), gated.answers]).toEqual([['observed'], 0]);
  });

  it('R34 of a first deployment that fails is held for a person: no ROLLBACK is sent', async () => {
    gated = await GatedService.start(['POST_TEST_TRAFFIC_SHIFT'], { gates: 'minimumSeconds: 3000' });
    await gated.deployFirst(crashing);
    await gated.rewind.pass(900);
    expect(await held()).toEqual(['noWayBack']);
    expect([gated.answers, gated.rewind.writes('StopServiceDeployment'), await gated.openHooks()]).toEqual([
      0,
      0,
      [expect.stringMatching(/^ecs-pause-/)],
    ]);
    expect(await gated.rewind.decisions('RolloutConcluded')).toMatchObject([{ outcome: 'noSafeTarget' }]);
  });
});
