import { describe, expect, it } from 'vitest';
import type { ObservedEvent, TaskChanged } from '../../../state-machines/log/observed-events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import {
  countImpairment,
  countStanding,
  countTask,
  type Evidence,
  hostToBlame,
  isHung,
  noEvidence,
  recounted,
  withStanding,
} from '../../../state-machines/rollout/evidence';
import { emptyLedger, markOf, type TaskLedger, withMark } from '../../../state-machines/rollout/task-ledger';
import { crash, pending, running, scaledIn, stopped, unpulled } from '../story';

const deployment = 2;
const nothing: { readonly evidence: Evidence; readonly tasks: TaskLedger } = {
  evidence: noEvidence,
  tasks: emptyLedger,
};

function counted(events: readonly ObservedEvent[], policy: Partial<Policy> = {}, before = nothing) {
  return events.reduce(
    (count, event) => countTask(count, event as TaskChanged, { ...defaultPolicy, ...policy }),
    before,
  );
}

const evidenceOf = (events: readonly ObservedEvent[], policy?: Partial<Policy>) =>
  counted(events, policy).evidence;
/** As ECS may tell it without a version, or without when the task came to run. */
const without = (event: ObservedEvent, field: 'version' | 'startedAt') => ({ ...event, [field]: null });
const provisioning = { deployment, lastStatus: 'PROVISIONING' };

describe('a task, counted', () => {
  it('is started, then placed, then runs', () => {
    const [first, placed] = [pending('a', 1, provisioning), pending('a', 2, { deployment, version: 2 })];
    expect(evidenceOf([first])).toMatchObject({ started: 1, ran: 0, pending: 0, running: 0 });
    expect(evidenceOf([first, placed])).toMatchObject({ started: 1, ran: 0, pending: 1, running: 0 });
    const up = running('a', 3, { deployment });
    expect(evidenceOf([first, placed, up])).toMatchObject({ started: 1, ran: 1, pending: 0, running: 1 });
    const down = stopped('a', 4, { deployment, because: scaledIn });
    expect(evidenceOf([first, placed, up, down])).toMatchObject({
      started: 1,
      ran: 1,
      pending: 0,
      running: 0,
      failed: 0,
      byClass: { intended: 1 },
    });
  });

  it('has run where only its end tells so, and stays placed whatever is told without a version', () => {
    expect(evidenceOf([stopped('a', 4, { deployment, ranFrom: 2 })])).toMatchObject({ started: 1, ran: 1 });
    expect(evidenceOf([stopped('a', 4, { deployment })])).toMatchObject({ started: 1, ran: 0 });
    const again = without(pending('a', 5, provisioning), 'version');
    expect(evidenceOf([running('a', 3, { deployment }), again])).toMatchObject({ ran: 1, running: 1 });
    const placed = [without(pending('a', 2, { deployment }), 'version'), again];
    expect(evidenceOf(placed)).toMatchObject({ pending: 1 });
    expect(evidenceOf([without(running('a', 3, { deployment }), 'startedAt')])).toMatchObject({ ran: 1 });
  });

  it('keeps the highest version that was told, also behind one that is told without', () => {
    const late = stopped('a', 6, { deployment, version: 2 });
    const untold = without(pending('a', 5, { deployment }), 'version');
    expect(evidenceOf([running('a', 3, { deployment, version: 3 }), untold, late])).toMatchObject({
      running: 1,
      failed: 0,
    });
    const up = running('a', 3, { deployment, version: 3 });
    const before = counted([up]);
    expect(counted([late], {}, before)).toEqual({ evidence: before.evidence, tasks: before.tasks });
  });

  it('counts for nothing in a step on its way, and says so', () => {
    const before = counted([running('a', 3, { deployment, version: 3 })]);
    const step = countTask(before, running('a', 4, { deployment, version: 4 }) as TaskChanged, defaultPolicy);
    expect(step.evidence).toBe(before.evidence);
    expect(step).not.toHaveProperty('after');
    expect(counted([stopped('a', 5, { deployment, version: 3 })], {}, step).evidence.failed).toBe(0);
    const first = countTask(nothing, running('a', 3, { deployment }) as TaskChanged, defaultPolicy);
    expect(first).toMatchObject({ before: undefined, after: { task: 'a', hasRun: true } });
  });

  it('moves to the class that a later version tells, with its host and its cause', () => {
    const events = [
      stopped('a', 4, {
        deployment,
        version: 5,
        host: 'h1',
        because: unpulled('manifest unknown: not found'),
      }),
      stopped('a', 5, { deployment, version: 6, because: scaledIn }),
    ];
    const [first] = events.slice(0, 1).map((event) => evidenceOf([event]));
    expect(first).toMatchObject({ failed: 1, byClass: { 'image-pull': 1 }, failedByHost: { h1: 1 } });
    expect(Object.values(first?.byCauseKind ?? {})).toEqual([1]);
    expect(first?.firstFailures).toHaveLength(1);
    expect(evidenceOf(events)).toMatchObject({
      failed: 0,
      byClass: { intended: 1 },
      byCauseKind: {},
      failedByHost: { h1: 0 },
      firstFailures: [],
    });
    expect(evidenceOf(events).byClass).toEqual({ intended: 1 });
  });

  it('keeps its class and cause where a later version no longer says why it stopped', () => {
    const because = unpulled('manifest unknown: not found');
    const end = stopped('a', 4, { deployment, version: 5, because });
    const after = running('a', 5, { deployment, version: 6 });
    const { byClass, byCauseKind } = evidenceOf([end]);
    expect(evidenceOf([end, after])).toMatchObject({ failed: 1, byClass, byCauseKind, running: 0 });
    expect(Object.values(byCauseKind)).toEqual([1]);
  });

  it('is no failure where its exit code is normal or its class does not count', () => {
    const end = stopped('a', 4, { deployment });
    expect(evidenceOf([end], { normalExitCodes: [1] })).toMatchObject({
      failed: 0,
      byClass: { intended: 1 },
    });
    expect(evidenceOf([end], { normalExitCodes: [2] }).failed).toBe(1);
    const unpullable = stopped('a', 4, { deployment, because: unpulled('manifest unknown: not found') });
    expect(evidenceOf([unpullable], { normalExitCodes: [1] }).failed).toBe(1);
    const spared = evidenceOf([unpullable], { failureClasses: ['out-of-memory'] });
    expect(spared).toMatchObject({
      failed: 0,
      byClass: { 'image-pull': 1 },
      byCauseKind: {},
      firstFailures: [],
    });
    expect(recounted(spared, defaultPolicy).failed).toBe(1);
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    const starved = { ...crash, containers: [{ name: 'web', exitCode: 137, reason }] };
    const over = stopped('a', 4, { deployment, because: starved });
    expect(evidenceOf([over], { normalExitCodes: [137] }).byClass).toEqual({ 'out-of-memory': 1 });
    const killed = { ...crash, containers: [{ name: 'web', exitCode: null, reason: null }] };
    expect(
      evidenceOf([stopped('a', 4, { deployment, because: killed })], { normalExitCodes: [0] }).failed,
    ).toBe(1);
  });

  it('stays known as lost, where it was', () => {
    const { evidence, tasks } = counted([running('a', 3, { deployment })]);
    const mark = markOf(tasks, 'a');
    if (mark === undefined) throw new Error('the task is known');
    const lost = { evidence, tasks: withMark(tasks, { ...mark, lost: 'run' }) };
    const after = counted([stopped('a', 4, { deployment })], {}, lost);
    expect(markOf(after.tasks, 'a')).toMatchObject({ lost: 'run' });
    const kept = counted([stopped('a', 4, { deployment })], {}, { evidence, tasks });
    expect(markOf(kept.tasks, 'a')).not.toHaveProperty('lost');
  });

  it('is counted beside others of its class, which each leave it alone', () => {
    const both = [stopped('a', 4, { deployment }), stopped('b', 5, { deployment })];
    expect(evidenceOf(both)).toMatchObject({ failed: 2, byClass: { 'essential-container-exited': 2 } });
    const forgiven = [...both, stopped('a', 6, { deployment, version: 6, because: scaledIn })];
    expect(evidenceOf(forgiven)).toMatchObject({
      failed: 1,
      byClass: { 'essential-container-exited': 1, intended: 1 },
    });
  });
});

describe('what stood at the start', () => {
  it('counts as started, run and running', () => {
    const { tasks } = counted(['a', 'b', 'c'].map((task) => running(task, 1, { deployment })));
    expect(countStanding(tasks)).toEqual({ ...noEvidence, started: 3, ran: 3, running: 3 });
    expect(withStanding({ ...noEvidence, started: 1, ran: 1, running: 1 }, 2)).toEqual({
      ...noEvidence,
      started: 3,
      ran: 3,
      running: 3,
    });
  });
});

describe('the space of the evidence', () => {
  it('is bounded: three hosts, three failures, twenty kinds of trouble', () => {
    const failures = ['a', 'b', 'c', 'd'].map((task, at) =>
      stopped(task, at, { deployment, host: `h-${task}` }),
    );
    const again = stopped('e', 9, { deployment, host: 'h-a' });
    expect(evidenceOf([...failures, again])).toMatchObject({
      failed: 5,
      failedByHost: { 'h-a': 2, 'h-b': 1, 'h-c': 1 },
    });
    expect(Object.keys(evidenceOf(failures).failedByHost)).toHaveLength(3);
    expect(evidenceOf(failures).firstFailures.map(({ task }) => task)).toEqual(['a', 'b', 'c']);
    const names = Array.from({ length: 21 }, (_, index) => `TROUBLE_${index}`);
    const troubled = [...names, 'TROUBLE_0'].reduce(countImpairment, noEvidence);
    expect(Object.keys(troubled.impairments)).toEqual(names.slice(0, 20));
    expect(troubled.impairments).toMatchObject({ TROUBLE_0: 2, TROUBLE_1: 1 });
  });
});

describe('a host', () => {
  const elsewhere = (count: number) =>
    Array.from({ length: count }, (_, index) => running(`r${index}`, 1, { deployment, host: 'good' }));
  const fail = (task: string, host?: string) =>
    stopped(task, 5, { deployment, ...(host === undefined ? {} : { host }) });
  const blamed = (events: readonly ObservedEvent[]) => {
    const { evidence, tasks } = counted(events);
    return hostToBlame(evidence, tasks);
  };

  it('is to blame where all that failed was on it, and as many run elsewhere', () => {
    expect(blamed([...elsewhere(2), fail('a', 'bad')])).toBe('bad');
    expect(blamed([...elsewhere(2), fail('a', 'bad'), fail('b', 'bad')])).toBe('bad');
    expect(blamed([...elsewhere(2), fail('a', 'bad'), fail('b', 'bad'), fail('c', 'bad')])).toBeNull();
    expect(blamed([...elsewhere(1), fail('a', 'bad')])).toBeNull();
    const mended = stopped('b', 6, { deployment, version: 6, because: scaledIn });
    expect(blamed([...elsewhere(2), fail('a', 'bad'), fail('b', 'other'), mended])).toBe('bad');
  });

  it('is not where another has failures too, or nobody knows which it is', () => {
    expect(blamed([...elsewhere(3), fail('a', 'bad'), fail('b', 'other')])).toBeNull();
    expect(blamed([...elsewhere(3), fail('a')])).toBeNull();
    expect(blamed(elsewhere(3))).toBeNull();
    const four = ['h1', 'h2', 'h3', 'h4'].map((host, index) => fail(`t${index}`, host));
    const mended = ['t1', 't2'].map((task) =>
      stopped(task, 6, { deployment, version: 6, because: scaledIn }),
    );
    expect(blamed([...elsewhere(5), ...four, ...mended])).toBeNull();
  });
});

describe('tasks', () => {
  it('hang where one has a place and does not run, or none runs and some failed', () => {
    expect(isHung({ ...noEvidence, pending: 1, running: 3 })).toBe(true);
    expect(isHung({ ...noEvidence, failed: 1 })).toBe(true);
    expect(isHung({ ...noEvidence, failed: 1, running: 1 })).toBe(false);
    expect(isHung(noEvidence)).toBe(false);
  });
});
