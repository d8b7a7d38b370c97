import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analysisPage } from './analysis-page';
import { canaryCases } from './canary-cases';
import { demands, isReached } from './demands';
import { judgeCase } from './judged-case';
import { readAnalysis, sliceSize } from './recorded-analysis';

const { totals, slice } = readAnalysis();

describe('docs/analysis/judging-metrics.md', () => {
  it('is what the recorded result makes', () => {
    const page = readFileSync(new URL('../../../docs/analysis/judging-metrics.md', import.meta.url), 'utf8');
    expect(page).toBe(analysisPage(totals));
  });

  it('tells of the judgements of today', () => {
    expect(canaryCases.map((one) => judgeCase(one, sliceSize))).toEqual(slice);
  });

  it('shows that all is reached that is asked, of good releases and of bad ones', () => {
    expect(demands.length).toBeGreaterThan(8);
    expect(demands.filter((demand) => !isReached(demand, totals))).toEqual([]);
  });
});
