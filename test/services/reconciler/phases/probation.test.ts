import { afterEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import { RewindAtWork } from '../worlds/rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

/** A stable service, and a revision that completes, passes, and crashes after twenty minutes. */
async function crashingLate(policy: string) {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  const stable = await rewind.withStable();
  const late = await rewind.ecs.register({ 'rewind.behaviour': 'crash', 'rewind.crash-after': '1200' });
  await rewind.ecs.update({ taskDefinition: late });
  await rewind.pass(700);
  expect((await rewind.decisions('RolloutConcluded')).at(-1)).toMatchObject({ outcome: 'succeeded' });
  return { rewind, stable, late };
}

async function typesOf(rewind: RewindAtWork): Promise<string[]> {
  const types = (await rewind.events()).map(({ type }) => type);
  return types.filter((type) => type !== 'TaskChanged' && type !== 'ServiceUpdated');
}

describe('a rollout that crashes within its probation', () => {
  it('is taken back once, with a log that says the pass, its revocation and both ends, and that confirms each decision', async () => {
    const { rewind, stable } = await crashingLate('defaults: { failureRule: evidence }');
    expect(rewind.reports.at(-1)?.nextWakeAt).toBeNull();
    await rewind.pass(2400);
    expect(await rewind.runs()).toBe(stable);
    expect(rewind.writes('UpdateService')).toBe(2);
    const types = await typesOf(rewind);
    expect(types.slice(types.indexOf('VerdictReached', types.indexOf('VerdictReached') + 1))).toEqual([
      'VerdictReached',
      'RolloutConcluded',
      'HoldElapsed',
      'PassRevoked',
      'RollbackRequested',
      'RollbackIssued',
      'DeploymentStarted',
      'RolloutOpened',
      'DeploymentCompleted',
      'RolloutConcluded',
      'BakeElapsed',
      'VerdictReached',
      'RolloutConcluded',
    ]);
    const recorded = await rewind.recorded();
    const results = [...verifyDecisions(recorded)].map(({ verification }) => verification.result);
    expect(new Set(results)).toEqual(new Set(['confirmed']));
    const [, rollout] = replay(
      recorded.map(({ event }) => event),
      { policy: defaultPolicy, until: rewind.ecs.clock.now() },
    );
    expect(rollout).toMatchObject({ outcome: 'rolledBack', verdict: { revokes: {} } });
    expect(rewind.reports.at(-1)?.nextWakeAt).toBeNull();
  });

  it('stays, in observe mode, and the log says what would have been done', async () => {
    const { rewind, late } = await crashingLate('defaults: { failureRule: evidence, mode: observe }');
    await rewind.pass(6000);
    expect(await rewind.runs()).toBe(late);
    expect(await rewind.decisions('PassRevoked')).toHaveLength(1);
    expect((await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'succeeded',
      'notEnforced',
    ]);
  });
});

describe('an alarm that is raised within a probation', () => {
  it('revokes the pass while it lasts: the service watches it until then, and no longer', async () => {
    const policy = 'defaults: { failureRule: evidence, alarms: [errors] }';
    rewind = await RewindAtWork.start(memoryEventLog(), { policy });
    rewind.alarm('errors', 'OK');
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(1800);
    rewind.alarm('errors', 'ALARM');
    await rewind.pass(120);
    expect(await rewind.decisions('PassRevoked')).toMatchObject([{ verdict: { reason: 'AlarmRaised' } }]);
    expect(await rewind.runs()).toBe(stable);
    await rewind.pass(4200);
    expect(rewind.reports.at(-1)?.nextWakeAt).toBeNull();
  });
});
