import { describe, expect, it } from 'vitest';
import { replayFieldCase, shortfalls } from '../fixtures/field/field-case';

const thatTakeLong = [
  'linear-default-schedule',
  'bake-longer-than-the-deadline',
  'old-workers-are-protected',
  'no-gpu-for-an-hour',
] as const;

const thatHang = ['waits-for-a-dependency-for-ever', 'first-deployment-of-a-stack'] as const;

const remembered = [
  'outage-then-proven-again',
  'old-workers-recycle-during-the-rollback',
  'a-deployment-for-every-commit',
  'two-of-forty-after-the-rollback',
] as const;

const notOfTheRelease = [
  'worker-ends-by-design',
  'one-bad-host',
  'log-daemon-not-up-yet',
  'alarm-is-born-with-the-stack',
  'desired-count-zero-to-get-unstuck',
] as const;

const besideOthers = [
  'updated-and-forced-at-once',
  'taken-back-by-update-and-force',
  'the-stack-rolls-back-too',
  'scaled-in-the-middle',
  'desired-count-reset',
  'daemon-on-a-moving-fleet',
  'zones-rebalanced-in-the-bake',
  'the-way-back-has-lost-its-image',
] as const;

const shortfallsOf = async (name: string) => shortfalls(await replayFieldCase(name));

describe('time', () => {
  it.each(thatTakeLong)('alone is no failure: %s', async (name) => {
    expect(await shortfallsOf(name)).toEqual([]);
  });

  it.each(thatHang)('is judged where tasks hang or ECS gives up: %s', async (name) => {
    expect(await shortfallsOf(name)).toEqual([]);
  });
});

describe('what was judged before', () => {
  it.each(remembered)(
    'is held against a revision, or forgiven, as the last judgement says: %s',
    async (name) => {
      expect(await shortfallsOf(name)).toEqual([]);
    },
  );
});

describe('what is not the fault of a release', () => {
  it.each(notOfTheRelease)('is not held against it, and proves nothing: %s', async (name) => {
    expect(await shortfallsOf(name)).toEqual([]);
  });
});

describe('a rollout beside what people, autoscaling and stacks do', () => {
  it.each(besideOthers)('is judged by its own tasks: %s', async (name) => {
    expect(await shortfallsOf(name)).toEqual([]);
  });
});
