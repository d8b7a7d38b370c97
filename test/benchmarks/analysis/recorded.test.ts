import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analysisPage } from './analysis-page';
import { canaryCases } from './canary-cases';
import { judgeCase } from './judged-case';
import { readAnalysis, sliceSize } from './recorded-analysis';

const { totals, slice } = readAnalysis();
const ofRewind = (name: string) => totals.find((one) => one.name === name)?.judges[0];

describe('docs/analysis/judging-metrics.md', () => {
  it('is what the recorded result makes', () => {
    const page = readFileSync(new URL('../../../docs/analysis/judging-metrics.md', import.meta.url), 'utf8');
    expect(page).toBe(analysisPage(totals));
  });

  it('tells of the judgements of today', () => {
    expect(canaryCases.map((one) => judgeCase(one, sliceSize))).toEqual(slice);
  });

  it('shows that at most one good release in a hundred fails', () => {
    const good = canaryCases.filter(({ truth }) => truth === 'good');
    expect(good.map(({ name }) => ofRewind(name)?.failedPercent ?? 100).filter((share) => share > 1)).toEqual(
      [],
    );
  });

  it.each([
    { name: '5 × errors', share: 100, window: 5 },
    { name: '20 × errors', share: 100, window: 1 },
    { name: '25 % more latency', share: 99, window: 4 },
  ])('shows that $name are found in time', ({ name, share, window }) => {
    const found = ofRewind(name);
    expect(found?.failedPercent).toBeGreaterThanOrEqual(share);
    expect(found?.medianFailure).toBeLessThanOrEqual(window);
  });
});
