import { exponential, naturalLogarithm } from '../../../state-machines/log/foundation/exact-functions';
import type { Random } from '../../fixtures/histories/random';

/** So many events are drawn in one piece: more would leave e^−mean without digits. */
const largestPiece = 400;

/** A number of events that come each by itself, with that mean. */
export function drawPoisson(random: Random, mean: number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= largestPiece) {
    const end = exponential(-Math.min(left, largestPiece));
    for (let product = random(); product > end; product *= random()) count += 1;
  }
  return count;
}

/** Events that come in bursts: the variance is so many times the mean. */
export function drawBursts(random: Random, mean: number, dispersion: number): number {
  if (dispersion <= 1 || mean <= 0) return drawPoisson(random, mean);
  const scale = dispersion - 1;
  return drawPoisson(random, drawGamma(random, mean / scale) * scale);
}

/** By Marsaglia and Tsang. */
function drawGamma(random: Random, shape: number): number {
  if (shape < 1)
    return drawGamma(random, shape + 1) * exponential(naturalLogarithm(random() + 1e-12) / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    const u = random() + 1e-12;
    if (naturalLogarithm(u) < (normal * normal) / 2 + d - d * v + d * naturalLogarithm(v)) return d * v;
  }
}

/** By Marsaglia's polar method. */
function drawNormal(random: Random): number {
  for (;;) {
    const [x, y] = [2 * random() - 1, 2 * random() - 1];
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * naturalLogarithm(s)) / s);
  }
}
