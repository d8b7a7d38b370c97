import { afterEach, describe, expect, it } from 'vitest';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { Reconcile } from '../../../../services/reconciler/reconcile';
import type { EventId } from '../../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../../state-machines/log/observed-events';
import { crashing, never, promptly, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

/**
 * A stable service, and its next revision deployed, of which no notification arrives from a moment
 * on. No discovery runs.
 */
async function deployed({
  labels = {},
  policy = '',
  deliveredSeconds,
}: {
  labels?: Record<string, string>;
  policy?: string;
  deliveredSeconds: number;
}): Promise<{ rewind: RewindAtWork; stable: string; next: string }> {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  const stable = await rewind.withStable();
  const next = await rewind.ecs.register(labels);
  await rewind.ecs.update({ taskDefinition: next });
  await rewind.pass(deliveredSeconds);
  rewind.delaysOf = never;
  return { rewind, stable, next };
}

/** A reconciler that ECS shows the service's facts as `change` makes them. */
function reconcilerShown(
  rewind: RewindAtWork,
  change: (facts: readonly ObservedEvent[]) => readonly ObservedEvent[],
): Reconcile {
  const ecs = awsEcs(rewind.rewindsClient());
  const facts: Ecs['facts'] = async (service) => change(await ecs.facts(service));
  return rewind.reconcilerWith({ policies: parsePolicyFile('', 'policy'), ecs: { ...ecs, facts } });
}

/** A reconciler that ECS does not allow to look at tasks. */
function reconcilerRefused(rewind: RewindAtWork): Reconcile {
  return reconcilerShown(rewind, () => {
    throw Object.assign(new Error('not authorized to perform: ecs:ListTasks'), {
      name: 'AccessDeniedException',
    });
  });
}

/** A reconciler that sees another task start at every look. */
function reconcilerOfBusyService(rewind: RewindAtWork): Reconcile {
  let looks = 0;
  return reconcilerShown(rewind, (facts) => {
    const shown = facts.find((fact) => fact.type === 'TaskChanged');
    const task = `busy-${++looks}`;
    const occurredAt = rewind.ecs.clock.now();
    return shown === undefined ? facts : [...facts, { ...shown, id: task as EventId, task, occurredAt }];
  });
}

async function lastVerdict(rewind: RewindAtWork) {
  return (await rewind.decisions('VerdictReached')).at(-1)?.verdict;
}

describe('a bake that ends', () => {
  it('does not pass over a crash of which every notification was lost', async () => {
    const { rewind, stable } = await deployed({
      labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '150' },
      deliveredSeconds: 150,
    });
    await rewind.pass(320);
    expect(await lastVerdict(rewind)).toMatchObject({ result: 'failed', reason: 'TaskFailures' });
    expect(rewind.writes('UpdateService')).toBe(2);
    expect(await rewind.runs()).toBe(stable);
  });

  it('passes a good rollout, and adds nothing to the log that notifications had told', async () => {
    const { rewind, next } = await deployed({ deliveredSeconds: 150 });
    await rewind.pass(320);
    expect(await lastVerdict(rewind)).toMatchObject({ result: 'passed', reason: 'BakePassed' });
    expect(await rewind.runs()).toBe(next);
    expect((await rewind.events()).filter(({ id }) => id.startsWith('described~'))).toEqual([]);
  });

  it('adds nothing to the log that notifications had told of a deployment that had run before', async () => {
    const { rewind, stable } = await deployed({ labels: crashing, deliveredSeconds: 150 });
    rewind.delaysOf = promptly;
    await rewind.pass(900);
    expect((await rewind.decisions('VerdictReached')).map(({ verdict }) => verdict.result)).toEqual([
      'passed',
      'failed',
      'passed',
    ]);
    expect(await rewind.runs()).toBe(stable);
    expect((await rewind.events()).filter(({ id }) => id.startsWith('described~'))).toEqual([]);
  });

  it('ends at the first look, however busy the tasks of the service are', async () => {
    const { rewind } = await deployed({ deliveredSeconds: 150 });
    rewind.isAwake = false;
    await rewind.pass(250);
    await reconcilerOfBusyService(rewind)({ service, changedFrom: null });
    expect(await lastVerdict(rewind)).toMatchObject({ result: 'passed' });
    expect(await rewind.decisions('VerdictReached')).toHaveLength(2);
  });

  it('is extended once and then inconclusive where ECS refuses to show the tasks', async () => {
    const { rewind, next } = await deployed({ deliveredSeconds: 150 });
    rewind.isAwake = false;
    const reconcile = reconcilerRefused(rewind);
    await rewind.pass(250);
    await reconcile({ service, changedFrom: null });
    expect((await rewind.decisions('BakeElapsed')).at(-1)).toMatchObject({ isBlind: true });
    expect(await rewind.decisions('VerdictReached')).toHaveLength(1);
    await rewind.pass(300);
    await reconcile({ service, changedFrom: null });
    expect(await lastVerdict(rewind)).toMatchObject({
      result: 'inconclusive',
      message: expect.stringContaining("the service's tasks (ECS refuses to show them)"),
    });
    expect(await rewind.runs()).toBe(next);
  });
});

describe('a deadline that passes (I5)', () => {
  it('does not fail a rollout whose completion was lost', async () => {
    const { rewind, next } = await deployed({
      policy: 'defaults: { deadlineSeconds: 200 }',
      deliveredSeconds: 40,
    });
    await rewind.pass(700);
    expect(await lastVerdict(rewind)).toMatchObject({ result: 'passed' });
    expect(await rewind.runs()).toBe(next);
  });

  it('does not call a rollback failed whose completion was lost', async () => {
    const { rewind, stable } = await deployed({
      labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '3' },
      policy: 'defaults: { deadlineSeconds: 400 }',
      deliveredSeconds: 20,
    });
    rewind.delaysOf = promptly;
    for (let second = 0; rewind.writes('StopServiceDeployment') === 0 && second < 100; second += 1) {
      await rewind.pass(1);
    }
    rewind.delaysOf = never;
    await rewind.pass(900);
    const outcomes = (await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2)).toEqual(['succeeded', 'rolledBack']);
    expect(await rewind.runs()).toBe(stable);
  });
});
