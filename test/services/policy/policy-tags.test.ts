import { describe, expect, it } from 'vitest';
import { withTags } from '../../../services/policy/policy-tags';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';

const observing: Policy = { ...defaultPolicy, mode: 'observe' };

describe("a service's own tags", () => {
  it('come over its policy', async () => {
    const tags = [
      { key: 'rewind:mode', value: 'observe' },
      { key: 'rewind:failurePercent', value: ' 12.5 ' },
      { key: 'rewind:alarms', value: 'web-5xx, web-latency  web-errors' },
      { key: 'team', value: 'web' },
      { key: 'rewinder', value: 'web' },
      {},
    ];
    expect(await withTags(defaultPolicy, tags, null)).toEqual({
      policy: {
        ...observing,
        failurePercent: 12.5,
        alarms: ['web-5xx', 'web-latency', 'web-errors'],
      },
      problems: [],
    });
  });

  it.each([
    ['rewind:mode', 'Observe', 'must be enforce or observe'],
    ['rewind:mode', 'off', 'must be enforce or observe'],
    ['rewind:Mode', 'observe', 'is not a key that Rewind knows'],
    ['Rewind:mode', 'observe', 'is not a key that Rewind knows'],
    ['REWIND:MODE', 'observe', 'is not a key that Rewind knows'],
    ['rewind: mode', 'observe', 'is not a key that Rewind knows'],
    ['rewind/mode', 'observe', 'is not a key that Rewind knows'],
    ['rewind', 'off', 'is not a key that Rewind knows'],
    ['rewind:bake', '5', 'is not a key that Rewind knows'],
    ['rewind:__proto__', '1', 'is not a key that Rewind knows'],
    ['rewind:minimumFailures', '', 'must be a whole number of at least 1'],
    ['rewind:bakeSeconds', 'five', 'must be a number from 0 to 86400'],
    ['rewind:bakeSeconds', '0x10', 'must be a number from 0 to 86400'],
    ['rewind:rollbackBudget', '1000000', 'must be a whole number from 0 to 50'],
  ])('mean hands off, and are told, when they cannot be read: %s = %s', async (key, value, because) => {
    const { policy, problems } = await withTags(defaultPolicy, [{ key, value }], null);
    expect(policy).toEqual(observing);
    expect(problems).toEqual([`the tag ${key} ${because}: until it is right, Rewind observes the service`]);
  });

  it('leave the reading of the others as it was when one cannot be read', async () => {
    const tags = [
      { key: 'rewind:mode', value: 'enforce' },
      { key: 'rewind:bakeSeconds', value: 'five' },
      { key: 'rewind:failurePercent', value: '20' },
    ];
    expect((await withTags(defaultPolicy, tags, null)).policy).toEqual({ ...observing, failurePercent: 20 });
  });
});

describe('the tags that a policy file lets through', () => {
  const setting = (key: string, value: string) => [{ key: `rewind:${key}`, value }];

  it('are all where it does not say, but none that lets Rewind write more to ECS', async () => {
    expect(await withTags(observing, setting('mode', 'enforce'), null)).toEqual({
      policy: observing,
      problems: ['the policy file does not let the tag rewind:mode set that: it is left out'],
    });
    expect((await withTags(defaultPolicy, setting('rollbackBudget', '9'), null)).policy).toEqual(
      defaultPolicy,
    );
    expect((await withTags(defaultPolicy, setting('rollbackBudget', '1'), null)).policy.rollbackBudget).toBe(
      1,
    );
  });

  it('are those that it names', async () => {
    expect((await withTags(observing, setting('mode', 'enforce'), new Set(['mode']))).policy).toEqual(
      defaultPolicy,
    );
    const { policy, problems } = await withTags(
      defaultPolicy,
      setting('alarms', 'theirs'),
      new Set(['mode']),
    );
    expect([policy, problems.length]).toEqual([defaultPolicy, 1]);
  });

  it('may always make it safer', async () => {
    const none: ReadonlySet<string> = new Set();
    expect((await withTags(defaultPolicy, setting('mode', 'observe'), none)).policy).toEqual(observing);
  });
});
