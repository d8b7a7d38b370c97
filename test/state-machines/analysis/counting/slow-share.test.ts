import { describe, expect, it } from 'vitest';
import { askedPercentiles, shareSlowerThan } from '../../../../state-machines/analysis/counting/slow-share';

/** A time that grows by a tenth from each percent to the next. */
const told = askedPercentiles.map((percent) => ({ percent, seconds: 0.1 * 1.1 ** (percent - 50) }));
const at = (percent: number) => 0.1 * 1.1 ** (percent - 50);

describe('the share of answers slower than a time, by percentiles', () => {
  it.each([
    [95, 0.05],
    [92, 0.08],
    [60, 0.4],
    [99.5, 0.005],
  ])('is found between two of them: above the %d th percentile', (percent, share) => {
    expect(shareSlowerThan(at(percent), told)).toBeCloseTo(share, 9);
  });

  it('is at least what is above the lowest, little beyond the highest, and unknown without any', () => {
    expect(shareSlowerThan(at(10), told)).toBe(0.5);
    expect(shareSlowerThan(at(150), told)).toBeCloseTo(0.0005, 9);
    expect(shareSlowerThan(0.1, [])).toBeNull();
  });
});
