import { describe, expect, it } from 'vitest';
import {
  exponential,
  logBeta,
  logGamma,
  naturalLogarithm,
} from '../../../../state-machines/log/foundation/exact-functions';

/** The bits of a number, so that not even the last one may differ. */
function bitsOf(value: number): string {
  return Buffer.from(new Float64Array([value]).buffer).toString('hex');
}

describe('functions made of + − × ÷ alone', () => {
  it('are as close to the logarithm and the exponential as doubles allow', () => {
    for (let x = 1e-12; x < 1e12; x *= 1.37) {
      expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThan(1e-14 * (1 + Math.abs(Math.log(x))));
    }
    for (let x = -300; x < 300; x += 0.73) {
      expect(exponential(x) / Math.exp(x)).toBeCloseTo(1, 12);
    }
  });

  it('know the values of gamma and beta that everybody knows', () => {
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(21)).toBeCloseTo(Math.log(2_432_902_008_176_640_000), 10);
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12);
  });

  it('give these bits, on whatever machine (I2)', () => {
    expect([naturalLogarithm(10), exponential(-1.5), logGamma(12.3), logBeta(0.3, 212)].map(bitsOf)).toEqual([
      '1555b5bbb16b0240',
      '1d5c4b72878fcc3f',
      '73bf3d042e3d3240',
      '00c83eb88257e0bf',
    ]);
  });
});
