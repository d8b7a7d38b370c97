import { describe, expect, it } from 'vitest';
import type { StoppedTask } from '../../../../state-machines/log/stopped-task';
import { rolloutsOf } from '../../judging';
import { completed, running, second, started, stopped, updated } from '../../story';

const policy = { failureRule: 'evidence' } as const;

/** Tasks of a deployment that come to run, and the last of them that crash soon after. */
function tasks(
  deployment: number,
  from: number,
  { count, crashes = 0, life = 20 }: { count: number; crashes?: number; life?: number },
) {
  const names = Array.from({ length: count }, (_, index) => `d${deployment}-${from}-${index}`);
  const first = count - crashes;
  return [
    ...names.map((name, index) => running(name, from + index, { deployment })),
    ...names.slice(first).map((name, index) => {
      const ranFrom = from + first + index;
      return stopped(name, ranFrom + life, { deployment, ranFrom });
    }),
  ];
}

/** A service that has started `count` tasks well, and has run for an hour. */
function provenBy(count: number) {
  return [started(1, 0), ...tasks(1, 10, { count }), completed(1, 500)];
}

describe('the rule `evidence`', () => {
  it('says in a sentence what it weighed, and records it', () => {
    const [, rollout] = rolloutsOf(
      [...provenBy(200), started(2, 4000), ...tasks(2, 4010, { count: 10, crashes: 3 })],
      { policy },
    );
    expect(rollout?.verdict).toMatchObject({
      result: 'failed',
      reason: 'TaskFailures',
      message: expect.stringMatching(
        /^2 of 10 starts failed; of the 200 before, none did: [\d.]+ times likelier if the release is bad$/,
      ),
      evidence: { starts: 10, failedStarts: 2, losses: 0, neededRatio: 10 },
    });
  });

  it('forgives a service what its starts have always shown', () => {
    const past = [started(1, 0), ...tasks(1, 10, { count: 200, crashes: 16 }), completed(1, 500)];
    const [first, second] = rolloutsOf(
      [...past, started(2, 4000), ...tasks(2, 4010, { count: 10, crashes: 3 }), completed(2, 4100)],
      { policy },
    );
    expect(first?.outcome).toBe('succeeded');
    expect(second?.outcome).toBe('succeeded');
  });

  it('fails a release whose running tasks are lost far sooner than before', () => {
    const losses = [1, 2, 3].map((loss) =>
      stopped(`d2-4010-${loss}`, 4010 + loss * 250, { deployment: 2, ranFrom: 4010 + loss }),
    );
    const replacements = [1, 2, 3].flatMap((loss) => tasks(2, 4020 + loss * 250, { count: 1 }));
    const [, rollout] = rolloutsOf(
      [...provenBy(10), started(2, 4000), ...tasks(2, 4010, { count: 10 }), ...losses, ...replacements],
      { policy },
    );
    expect(rollout?.verdict).toMatchObject({ result: 'failed', reason: 'TaskFailures' });
    expect(rollout?.verdict?.message).toMatch(/running tasks were lost in/);
  });

  it('counts exits by a signal within seconds as one loss', () => {
    const killed = {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'web', exitCode: 137, reason: null }],
    };
    const lost = [0, 1, 2].map((index) =>
      stopped(`d2-4010-${index}`, 4060 + index, { deployment: 2, because: killed, ranFrom: 4010 + index }),
    );
    const [, rollout] = rolloutsOf(
      [...provenBy(50), started(2, 4000), ...tasks(2, 4010, { count: 10 }), ...lost, completed(2, 4200)],
      { policy },
    );
    expect(rollout).toMatchObject({ outcome: 'succeeded', evidence: { failed: 3 } });
  });

  it('gives the verdict at the failure that tips it', () => {
    const [, rollout] = rolloutsOf(
      [...provenBy(20), started(2, 4000), ...tasks(2, 4010, { count: 2, crashes: 2 })],
      { policy },
    );
    expect(rollout?.verdict?.at).toBe(second(4031));
  });
});

describe('a release that also loses the old tasks', () => {
  const old = (from: number) =>
    [0, 1, 2].map((task) => stopped(`d1-10-${task}`, from + 10 * task, { deployment: 1, ranFrom: 10 }));
  const verdictOf = (oldLostFrom: number) => {
    const events = [...tasks(2, 4010, { count: 4, crashes: 4, life: 3 }), ...old(oldLostFrom)];
    return rolloutsOf([...provenBy(20), started(2, 4000), ...events], { policy, until: 9000 }).at(-1)
      ?.verdict;
  };

  it('fails at once where its own starts fail first', () => {
    expect(verdictOf(4015)).toMatchObject({ result: 'failed', at: second(4014) });
    expect(verdictOf(4011)).toMatchObject({ result: 'failed', at: second(4014) });
  });

  it('waits where the old tasks were lost before it ran', () => {
    expect(verdictOf(4005)?.at).toBeGreaterThan(second(4800));
  });
});

describe('a release whose old tasks run what is bad as well', () => {
  /** Revision 2 once more: a task of its first deployment is still there, and is lost first. */
  const again = [
    started(4, 4900),
    updated(4, 4900, 2),
    stopped('d2-4010-0', 4905, { deployment: 2, ranFrom: 4010 }),
    ...[0, 1, 2].flatMap((task) => {
      const facts = { deployment: 4, revision: 2 };
      const ranFrom = 4910 + task;
      return [
        running(`again-${task}`, ranFrom, facts),
        stopped(`again-${task}`, ranFrom + 3, { ...facts, ranFrom }),
      ];
    }),
  ];
  const lastVerdict = (crashes: number) => {
    const back = [
      started(3, 4500),
      updated(3, 4500, 1),
      running('back', 4510, { deployment: 3, revision: 1 }),
    ];
    const before = [...provenBy(20), started(2, 4000), ...tasks(2, 4010, { count: 4, crashes }), ...back];
    return rolloutsOf([...before, ...again], { policy, until: 9000 }).at(-1)?.verdict;
  };

  it('fails at once where that has failed here', () => {
    expect(lastVerdict(3)).toMatchObject({ result: 'failed', at: second(4914) });
  });

  it('fails at once where it is the release itself, and nobody has judged it', () => {
    expect(lastVerdict(0)).toMatchObject({ result: 'failed', at: second(4914) });
  });
});

const outOfMemory: StoppedTask = {
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [
    { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
  ],
};

describe('tasks that are lost after they have settled', () => {
  const lost = (because?: StoppedTask) => {
    const losses = [0, 1].map((task) =>
      stopped(`d2-4010-${task}`, 4400 + 60 * task, {
        ...{ deployment: 2, ranFrom: 4010 + task },
        ...(because === undefined ? {} : { because }),
      }),
    );
    const events = [...tasks(2, 4010, { count: 3 }), completed(2, 4100), ...losses];
    return rolloutsOf([...provenBy(200), started(2, 4000), ...events], { policy, until: 9000 }).at(-1)
      ?.verdict;
  };

  it('fail the release at once where all ran out of memory', () => {
    expect(lost(outOfMemory)).toMatchObject({
      result: 'failed',
      at: second(4460),
    });
  });

  it('wait for what replaces them where they may have lost what all of them need', () => {
    expect(lost()).toMatchObject({ result: 'failed', at: second(4460 + 150) });
  });
});
