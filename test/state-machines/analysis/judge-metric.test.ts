import { describe, expect, it } from 'vitest';
import { dispersionOf, dispersionOfUsers } from '../../../state-machines/analysis/dispersion';
import { judgedFurther, unjudged } from '../../../state-machines/analysis/judge-metric';
import { judgedTogether, sharesOf } from '../../../state-machines/analysis/judge-metrics';
import type { CountedWindow, MeasuredWindow } from '../../../state-machines/analysis/measured-window';
import { instantFrom } from '../../../state-machines/log/instant';
import type { ArmCounts } from '../../../state-machines/log/measuring/measurement';
import { drawBursts, drawPoisson } from '../../benchmarks/analysis/draw-counts';
import { judgeWindows } from '../../benchmarks/analysis/judge-windows';
import { type Random, randomFrom } from '../../fixtures/histories/random';
import { rule, shares } from './error-rule';

interface Drawn {
  readonly random: Random;
  readonly requests?: readonly [candidate: number, baseline: number];
  /** Shares of the requests that fail. */
  readonly rates: readonly [candidate: number, baseline: number];
  readonly dispersion?: number;
}

function windowAt(
  minute: number,
  { random, rates, requests = [600, 5400], dispersion = 1 }: Drawn,
): CountedWindow {
  const [candidate, baseline] = ([0, 1] as const).map((arm) => ({
    requests: requests[arm],
    events: drawBursts(random, requests[arm] * rates[arm], dispersion),
  }));
  const none = { requests: 0, events: 0 };
  return { until: instantFrom(minute * 60_000), candidate: candidate ?? none, baseline: baseline ?? none };
}

function canary(count: number, drawn: Drawn): CountedWindow[] {
  return Array.from({ length: count }, (_, index) => windowAt(index + 1, drawn));
}

/** Each user asks six times a minute for a quarter of an hour; one of 50 fails now and then. */
function stickyUsers(
  random: Random,
  { users, minutes }: { readonly users: number; readonly minutes: number },
): ArmCounts[] {
  const arrives = () => ({ left: 1 + Math.floor(15 * random()), isUnlucky: random() < 1 / 50 });
  const present = Array.from({ length: users }, arrives);
  return Array.from({ length: minutes }, () => {
    let events = 0;
    for (const [index, user] of present.entries()) {
      for (let request = 0; request < 6 && user.isUnlucky; request += 1) events += random() < 1 / 10 ? 1 : 0;
      user.left -= 1;
      if (user.left === 0) present[index] = { ...arrives(), left: 15 };
    }
    return { requests: 6 * users, events };
  });
}

const bursty = randomFrom(3);
const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const failuresOf = (windowsOf: (random: Random) => readonly MeasuredWindow[], held = rule) =>
  seeds.filter((seed) => judgeWindows(windowsOf(randomFrom(seed)), held, shares).result === 'failed').length;

describe('the judgement of a metric', () => {
  it('R20 does not fail where errors of both versions triple in the same minutes', () => {
    const incident = (random: Random) =>
      Array.from({ length: 30 }, (_, index) => {
        const rate = index > 5 && index < 12 ? 0.3 : 0.1;
        return windowAt(index + 1, { random, rates: [rate, rate] });
      });
    expect(failuresOf(incident)).toBe(0);
  });

  it('R21 fails within a few windows where the old version has no errors, and 0.5 % is new', () => {
    const failedIn = (minutes: number) =>
      failuresOf((random) => canary(minutes, { random, rates: [0.005, 0] })) / seeds.length;
    expect(failedIn(3)).toBeGreaterThan(0.85);
    expect(failedIn(8)).toBe(1);
  });

  it('R22 does not fail for one error of thirty requests', () => {
    const windows: MeasuredWindow[] = [
      {
        until: instantFrom(60_000),
        candidate: { requests: 30, events: 1 },
        baseline: { requests: 270, events: 0 },
      },
    ];
    expect(judgeWindows(windows, rule, shares)).toMatchObject({
      result: 'undecided',
      baseline: { events: 0 },
    });
  });

  it('R19 R66 learns nothing from windows without requests', () => {
    const windows = canary(2, { random: randomFrom(1), rates: [0.001, 0.001] });
    const silent = Array.from({ length: 40 }, (_, index) => ({
      until: instantFrom((index + 3) * 60_000),
      candidate: { requests: 0, events: 0 },
      baseline: { requests: 6000, events: 6 },
    }));
    const [before, after] = [windows, [...windows, ...silent]].map((each) =>
      judgeWindows(each, rule, shares),
    );
    expect(after).toEqual({ ...before, gaps: { noRequests: 40, partial: 0, unreadable: 0 } });
    expect(after?.result).toBe('undecided');
  });

  it('R45 judges what was read, and is blind where that is less than half', () => {
    const windows = canary(10, { random: randomFrom(1), rates: [0.001, 0.001] });
    const gaps = (count: number): MeasuredWindow[] =>
      Array.from({ length: count }, (_, index) => ({
        until: instantFrom((index + 11) * 60_000),
        gap: 'unreadable',
      }));
    expect(judgeWindows([...windows, ...gaps(10)], rule, shares).result).toBe('accepted');
    expect(judgeWindows([...windows, ...gaps(11)], rule, shares).result).toBe('blind');
    const bad = canary(10, { random: randomFrom(1), rates: [0.05, 0.001] });
    expect(judgeWindows([...bad, ...gaps(30)], rule, shares).result).toBe('failed');
  });

  it('fails where a release turns bad after half an hour, sooner than its good past would let it', () => {
    const turned = (random: Random) => [
      ...canary(30, { random, rates: [0.001, 0.001] }),
      ...canary(15, { random, rates: [0.01, 0.001] }).map((window, index) => ({
        ...window,
        until: instantFrom((index + 31) * 60_000),
      })),
    ];
    expect(failuresOf(turned)).toBe(seeds.length);
  });

  it('R49 takes bursts for what they are once the past of the service shows them', () => {
    const past = Array.from({ length: 1440 }).map(
      (_, index) =>
        windowAt(index, { random: bursty, rates: [0, 0.001], requests: [0, 6000], dispersion: 6 }).baseline,
    );
    const dispersion = dispersionOf(past.flatMap((counts) => counts ?? []));
    expect(dispersion).toBeGreaterThan(3);
    const wild = (random: Random) => canary(30, { random, rates: [0.001, 0.001], dispersion: 6 });
    expect(failuresOf(wild, { ...rule, dispersion })).toBeLessThanOrEqual(1);
  });

  it('R67 takes users who stay with a version, and of whom a few fail often, for what they are', () => {
    const past = stickyUsers(randomFrom(11), { users: 1000, minutes: 1440 });
    const good = (random: Random): MeasuredWindow[] => {
      const [candidate, baseline] = [100, 900].map((users) => stickyUsers(random, { users, minutes: 30 }));
      return Array.from({ length: 30 }, (_, index) => ({
        until: instantFrom((index + 1) * 60_000),
        candidate: candidate?.[index] ?? { requests: 0, events: 0 },
        baseline: baseline?.[index] ?? null,
      }));
    };
    const failures = (stickySeconds: number | null) =>
      failuresOf(good, { ...rule, dispersion: dispersionOfUsers(past, stickySeconds) });
    expect(failures(900)).toBeLessThanOrEqual(1);
    expect(failures(null)).toBeGreaterThan(1);
  });

  it('does not take one incident, or the course of a day, for a wild service', () => {
    const random = randomFrom(5);
    const past = Array.from({ length: 1440 }, (_, index) => {
      const isIncident = index > 700 && index < 710;
      const rate = isIncident ? 0.5 : 0.001 * (1 + 0.7 * Math.sin(index / 230));
      return { requests: 6000, events: drawPoisson(random, 6000 * rate) };
    });
    expect(dispersionOf(past)).toBeLessThan(1.2);
  });

  it('R50 shares its false alarms among all metrics', () => {
    const certainty = { falseAlarmPercent: 1, missRatePercent: 5 };
    const rules = Array.from({ length: 8 }, () => rule);
    const shares = sharesOf(rules, certainty);
    const failed = seeds.slice(0, 10).filter((seed) => {
      const random = randomFrom(seed);
      const progresses = rules.map(() =>
        canary(30, { random, rates: [0.001, 0.001] }).reduce(
          (before, window) => judgedFurther(before, window, { rule, shares }),
          unjudged(rule),
        ),
      );
      return judgedTogether(rules, progresses, certainty).result === 'failed';
    });
    expect(failed).toEqual([]);
    const eight = judgedTogether(rules, rules.map(unjudged), certainty);
    expect(eight.metrics[0]?.neededEvidence).toBe(800);
  });

  it('R51 gives an interval that holds the ratio, between two of those that were tried too', () => {
    for (const ratio of [0.5, 1, 1.06, 2.13, 7.7]) {
      const windows = canary(10, {
        random: randomFrom(1),
        rates: [0.02 * ratio, 0.02],
        requests: [50_000, 450_000],
      });
      const { interval } = judgeWindows(
        windows,
        { ...rule, comparison: { allowed: 100, unacceptable: 150 } },
        shares,
      );
      expect(interval?.from).toBeLessThan(ratio);
      expect(interval?.to).toBeGreaterThan(ratio);
      expect((interval?.to ?? 0) / (interval?.from ?? 1)).toBeLessThan(1.7);
    }
  });

  it('R43 takes counts with fractions', () => {
    const counts = { candidate: { requests: 600, events: 29.7 }, baseline: { requests: 5400, events: 5.3 } };
    expect(judgeWindows([{ until: instantFrom(1), ...counts }], rule, shares).result).toBe('failed');
  });
});

describe('a limit', () => {
  const limited = { ...rule, comparison: null, maximumRate: 0.01 };
  const alone = (rate: number, random: Random) =>
    canary(30, { random, rates: [rate, 0] }).map(({ until, candidate }) => ({
      until,
      candidate,
      baseline: null,
    }));

  it('on the rate fails what is above it, and hardly ever what is at it', () => {
    expect(failuresOf((random) => alone(0.02, random), limited)).toBe(seeds.length);
    expect(failuresOf((random) => alone(0.01, random), limited)).toBeLessThanOrEqual(1);
    expect(judgeWindows(alone(0.004, randomFrom(1)), limited, shares).result).toBe('accepted');
  });

  it('R23 on a number within a time fails as it says', () => {
    const counted = { ...rule, comparison: null, maximumCount: { count: 0, withinSeconds: 600 } };
    const judged = judgeWindows(alone(0.001, randomFrom(1)), counted, shares);
    expect(judged).toMatchObject({ result: 'failed', brokenRule: 'maximumCount' });
    const often = { ...counted, maximumCount: { count: 20, withinSeconds: 120 } };
    expect(judgeWindows(alone(0.001, randomFrom(1)), often, shares).result).toBe('undecided');
  });
});
