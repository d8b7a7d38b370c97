import { describe, expect, it } from 'vitest';
import { describeJudgement } from '../../../state-machines/analysis/describe-judgement';
import { neededRequests } from '../../../state-machines/analysis/needed-requests';
import { instantFrom } from '../../../state-machines/log/instant';
import type { ArmCounts } from '../../../state-machines/log/measuring/measurement';
import { judgeWindows } from '../../benchmarks/analysis/judge-windows';
import { rule, shares } from './error-rule';

function sentence(candidate: ArmCounts, baseline: ArmCounts | null, held = rule): string {
  const window = { until: instantFrom(60_000), candidate, baseline };
  return describeJudgement(judgeWindows([window], held, shares), 0.05);
}

describe('the sentence of a judgement', () => {
  it('R65 says the counts, the ratio, how sure it is, and the chance, in few digits', () => {
    expect(sentence({ requests: 3010, events: 41 }, { requests: 27_090, events: 29 })).toBe(
      'errors: 41 of 3,010 requests (1.4 %) against 29 of 27,090 requests (0.11 %): 13 × (95 %: 5–32); chance below 1 in 1,000,000,000 if it were 1.5 ×; after 1 window',
    );
  });

  it('says how much is missing', () => {
    expect(sentence({ requests: 600, events: 1 }, { requests: 5400, events: 5 })).toMatch(
      /; undecided after 1 window \(about [\d,]+ more requests needed\)$/,
    );
    expect(sentence({ requests: 0, events: 0 }, null)).toMatch(
      /^errors: no request of the new version was counted; /,
    );
  });

  it('says which limit was exceeded', () => {
    const limit = { ...rule, comparison: null };
    expect(sentence({ requests: 600, events: 60 }, null, { ...limit, maximumRate: 0.01 })).toMatch(
      /^errors: 60 of 600 requests \(10 %\); chance below 1 in [\d,]+ if it were the 1 % allowed; after 1 window$/,
    );
    const maximumCount = { count: 0, withinSeconds: 600 };
    expect(sentence({ requests: 600, events: 1 }, null, { ...limit, maximumCount })).toContain(
      'more than 0 within 600 s',
    );
  });
});

describe('the requests that a candidate needs', () => {
  const traffic = { candidateShare: 0.1, baselineRate: 0.001 };
  it('are more the closer the ratio is to what it is held against', () => {
    const needed = [20, 5, 3, 2].map((ratio) =>
      neededRequests(traffic, { ratio, against: 1.5, evidence: 100 }),
    );
    expect(needed).toEqual(needed.toSorted((a, b) => a - b));
    expect(needed[1]).toBeGreaterThan(1500);
    expect(needed[1]).toBeLessThan(6000);
    expect(neededRequests(traffic, { ratio: 1.5, against: 1.5, evidence: 100 })).toBe(Infinity);
  });
});
