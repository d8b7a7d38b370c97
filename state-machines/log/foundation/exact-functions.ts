/**
 * Logarithm, exponential and log-gamma from + − × ÷ alone. ECMAScript leaves `Math.log` and its kin
 * to each engine, so two builds of Node may differ in the last bit; the four operations are exact
 * IEEE 754 everywhere. Pure.
 */

/** `Math.LN2` is a constant, which the standard gives to the last digit. */
const logarithmOfTwo = Math.LN2;
const halfLogarithmOfTwoPi = 0.9189385332046728;

/** The natural logarithm of a finite number above zero. */
export function naturalLogarithm(x: number): number {
  let rest = x;
  let doublings = 0;
  for (; rest > 1.5; doublings += 1) rest /= 2;
  for (; rest < 0.75; doublings -= 1) rest *= 2;
  // ln((1 + z) / (1 − z)) = 2 (z + z³/3 + z⁵/5 + …), with |z| of at most a fifth.
  const z = (rest - 1) / (rest + 1);
  let sum = 0;
  for (let power = 25; power >= 1; power -= 2) sum = sum * z * z + 1 / power;
  return doublings * logarithmOfTwo + 2 * z * sum;
}

/** e to the power of x; 0 where that is less than any number has room for. */
export function exponential(x: number): number {
  if (x < smallestPower) return 0;
  const doublings = Math.round(x / logarithmOfTwo);
  const rest = x - doublings * logarithmOfTwo;
  let sum = 1;
  for (let term = 18; term >= 1; term -= 1) sum = 1 + (sum * rest) / term;
  for (let left = doublings; left > 0; left -= 1) sum *= 2;
  for (let left = doublings; left < 0; left += 1) sum /= 2;
  return sum;
}

const smallestPower = -700;

/** The logarithm of Γ(x) for x above zero, by Stirling's series. */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < 10; z += 1) product *= z;
  const square = z * z;
  const series =
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / z;
  return (z - 0.5) * naturalLogarithm(z) - z + halfLogarithmOfTwoPi + series - naturalLogarithm(product);
}

/** The logarithm of B(a, b), for a and b above zero. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** The logarithm of the sum of what the logarithms stand for; −∞ stands for nothing. */
export function logSum(logarithms: readonly number[]): number {
  const largest = Math.max(...logarithms);
  if (largest === -Infinity) return largest;
  return largest + naturalLogarithm(logarithms.reduce((sum, one) => sum + exponential(one - largest), 0));
}
