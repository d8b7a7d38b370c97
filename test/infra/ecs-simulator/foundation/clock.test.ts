import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AcceleratedClock, clockTime, SteppedClock } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { laterBy } from '../../../../infra/ecs-simulator/src/foundation/clock';

const origin = clockTime(Date.UTC(2026, 0, 1));
const at = (seconds: number) => laterBy(origin, seconds);

describe('a stepped clock', () => {
  it('runs what is due in the order of time, then of insertion', () => {
    const clock = new SteppedClock(origin);
    const ran: string[] = [];
    for (const [name, seconds] of [
      ['late', 3],
      ['first of two', 2],
      ['second of two', 2],
      ['early', 1],
    ] as const) {
      clock.schedule(at(seconds), () => ran.push(`${name} at ${(clock.now() - origin) / 1000}`));
    }
    clock.advanceTo(at(2));
    expect(ran).toEqual(['early at 1', 'first of two at 2', 'second of two at 2']);
    expect(clock.now()).toBe(at(2));
  });

  it('runs what a callback schedules within the same step', () => {
    const clock = new SteppedClock(origin);
    const ran: number[] = [];
    const again = () => {
      ran.push((clock.now() - origin) / 1000);
      clock.schedule(laterBy(clock.now(), 2), again);
    };
    clock.schedule(at(1), again);
    clock.advanceBy(6);
    expect(ran).toEqual([1, 3, 5]);
  });

  it('never runs what was cancelled', () => {
    const clock = new SteppedClock(origin);
    let runs = 0;
    const cancel = clock.schedule(at(1), () => {
      runs += 1;
    });
    cancel();
    clock.advanceBy(10);
    cancel();
    expect(runs).toBe(0);
  });

  it('runs what is scheduled in the past next, without going back in time', () => {
    const clock = new SteppedClock(origin);
    clock.advanceBy(10);
    let ranAt = origin;
    clock.schedule(at(1), () => {
      ranAt = clock.now();
    });
    clock.advanceBy(0);
    expect(ranAt).toBe(at(10));
  });

  it('keeps a thousand scattered entries in order', () => {
    const clock = new SteppedClock(origin);
    const ran: number[] = [];
    for (let index = 0; index < 1000; index += 1) {
      const seconds = (index * 7919) % 997;
      clock.schedule(at(seconds), () => ran.push(seconds));
    }
    clock.advanceBy(1000);
    expect(ran).toEqual([...ran].sort((one, other) => one - other));
    expect(ran).toHaveLength(1000);
  });
});

describe('an accelerated clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('passes its factor of seconds in a second of the wall', () => {
    const clock = new AcceleratedClock({ origin, factor: 100 });
    vi.advanceTimersByTime(1000);
    expect(clock.now()).toBe(at(100));
  });

  it('runs callbacks at the instant they were due, nearest first', () => {
    const clock = new AcceleratedClock({ origin, factor: 1000 });
    const ran: number[] = [];
    for (const seconds of [30, 10, 20]) clock.schedule(at(seconds), () => ran.push(clock.now()));
    vi.advanceTimersByTime(25);
    expect(ran).toEqual([at(10), at(20)]);
    vi.advanceTimersByTime(10);
    expect(ran).toEqual([at(10), at(20), at(30)]);
  });

  it('never shows an instant beyond a callback that has not run yet', () => {
    const clock = new AcceleratedClock({ origin, factor: 1000 });
    clock.schedule(at(5), () => {});
    // A minute passes in which the timer has no turn: the simulation was too busy.
    vi.spyOn(performance, 'now').mockReturnValue(Number.MAX_SAFE_INTEGER);
    expect(clock.now()).toBe(at(5));
  });

  it('runs nothing and stands still once it is stopped', () => {
    const clock = new AcceleratedClock({ origin, factor: 1000 });
    let runs = 0;
    clock.schedule(at(1), () => {
      runs += 1;
    });
    clock.stop();
    const stoppedAt = clock.now();
    vi.advanceTimersByTime(1000);
    expect(runs).toBe(0);
    expect(clock.now()).toBe(stoppedAt);
    expect(vi.getTimerCount()).toBe(0);
  });
});
