import { describe, expect, it } from 'vitest';
import { type ArmsQuestion, armsOf } from '../../../state-machines/analysis/arms';
import { countErrors, type GroupReading } from '../../../state-machines/analysis/group-minutes';
import { isCounted } from '../../../state-machines/analysis/measured-window';
import { rolloutWindows } from '../../../state-machines/analysis/rollout-windows';
import { instantFrom } from '../../../state-machines/log/instant';

/** An instant by its minute. */
const at = (minute: number) => instantFrom(minute * 60_000);

/** A target group that got so many requests in each minute from a first one on. */
function reading(targetGroup: string, first: number, requests: readonly number[]): GroupReading {
  const minutes = requests.flatMap((count, index) =>
    count === 0 ? [] : [{ until: at(first + index), requests: count, errors: 1, slow: null }],
  );
  return { targetGroup, minutes, isPartial: false };
}

const question: ArmsQuestion = {
  targetGroups: ['blue', 'green'],
  resolved: null,
  isFirst: false,
  tellsRequests: true,
  startedAt: at(100),
};
const before = [reading('blue', 80, Array(30).fill(10)), reading('green', 80, Array(30).fill(900))];

describe('the arms of a rollout', () => {
  it('R38 are told by the traffic before it, where ECS does not tell them any more', () => {
    expect(armsOf(question, before)).toEqual({ candidate: 'blue', baseline: 'green', lonely: null });
    const silent = before.map(({ targetGroup }) => reading(targetGroup, 80, []));
    expect(armsOf(question, silent)).toMatchObject({ candidate: null, lonely: 'unknownTargetGroup' });
  });

  it('R35 are as ECS tells them, where it does', () => {
    const arms = armsOf({ ...question, resolved: 'green' }, before);
    expect(arms).toEqual({ candidate: 'green', baseline: 'blue', lonely: null });
  });

  it.each([
    [{ isFirst: true, resolved: 'blue' }, 'firstDeployment', 'blue'],
    [{ targetGroups: ['blue'] }, 'sharedTargetGroup', 'blue'],
    [{ tellsRequests: false }, 'networkLoadBalancer', null],
    [{ targetGroups: [] }, 'noLoadBalancer', null],
  ] as const)('R34 R36 R41 lack an old version: %o', (told, lonely, candidate) => {
    expect(armsOf({ ...question, ...told }, before)).toEqual({ candidate, baseline: null, lonely });
  });
});

describe('the windows of a rollout', () => {
  const arms = { candidate: 'green', baseline: 'blue', lonely: null };
  const span = { startedAt: instantFrom(100 * 60_000 + 30_000), until: at(112), firstSharePercent: 10 };
  const asked = { ...span, arms, count: countErrors, warmUpMinutes: 0 };
  // Test traffic, the first shift, nothing for two minutes, the second shift.
  const green = reading('green', 100, [0, 20, 20, 20, 100, 100, 0, 0, 300, 300, 300, 300, 300]);
  const blue = reading('blue', 100, [900, 900, 900, 900, 900, 900, 900, 900, 700, 700, 700, 700, 700]);
  const readings = [blue, green];
  const ends = (windows: ReturnType<typeof rolloutWindows>) =>
    windows.filter(isCounted).map(({ until }) => until / 60_000);

  it('R39 R46 are whole minutes of the back-end, and begin with the first shift, not with test traffic', () => {
    const windows = rolloutWindows({ ...asked, readings });
    expect(ends(windows)).toEqual([104, 105, 108, 109, 110, 111, 112]);
    expect(windows[0]).toEqual({
      until: at(104),
      candidate: { requests: 100, events: 1 },
      baseline: { requests: 900, events: 1 },
    });
  });

  it('R18 are gaps where the new version had no requests', () => {
    const gaps = rolloutWindows({ ...asked, readings }).filter((window) => !isCounted(window));
    expect(gaps).toEqual([106, 107].map((minute) => ({ until: at(minute), gap: 'noRequests' })));
  });

  it('R48 leave out the minutes after each shift, where that is asked for', () => {
    expect(ends(rolloutWindows({ ...asked, readings, warmUpMinutes: 2 }))).toEqual([110, 111, 112]);
  });

  it('are gaps where the back-end did not tell all', () => {
    const partial = [blue, { ...green, isPartial: true }];
    expect(
      new Set(rolloutWindows({ ...asked, readings: partial }).map((one) => 'gap' in one && one.gap)),
    ).toEqual(new Set(['partial']));
  });

  it('R16 end where the back-end is whole', () => {
    expect(ends(rolloutWindows({ ...asked, readings, until: at(105) }))).toEqual([104, 105]);
  });
});
