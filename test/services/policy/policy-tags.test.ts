import { describe, expect, it } from 'vitest';
import { withTags } from '../../../services/policy/policy-tags';
import { defaultPolicy } from '../../../state-machines/log/policy';

describe("a service's own tags", () => {
  it('come over its policy', () => {
    const tags = [
      { key: 'rewind:mode', value: 'observe' },
      { key: 'rewind:failurePercent', value: ' 12.5 ' },
      { key: 'rewind:alarms', value: 'web-5xx, web-latency  web-errors' },
      { key: 'team', value: 'web' },
    ];
    expect(withTags(defaultPolicy, tags)).toEqual({
      policy: {
        ...defaultPolicy,
        mode: 'observe',
        failurePercent: 12.5,
        alarms: ['web-5xx', 'web-latency', 'web-errors'],
      },
      problems: [],
    });
  });

  it('are reported, and leave their key as it was, when they cannot be used', () => {
    const tags = [
      { key: 'rewind:mode', value: 'off' },
      { key: 'rewind:minimumFailures', value: '' },
      { key: 'rewind:bakeSeconds', value: 'five' },
      { key: 'rewind:bake', value: '5' },
      { key: 'rewind:rollbackBudget', value: '1' },
      {},
    ];
    expect(withTags(defaultPolicy, tags)).toEqual({
      policy: { ...defaultPolicy, rollbackBudget: 1 },
      problems: [
        'the tag rewind:mode must be enforce or observe, not "off"',
        'the tag rewind:minimumFailures must be a whole number of at least 1, not ""',
        'the tag rewind:bakeSeconds must be a number from 0 to 86400, not "five"',
        'the tag rewind:bake is not a key that Rewind knows',
      ],
    });
  });
});
