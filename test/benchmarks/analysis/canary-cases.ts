/** A kind of canary, of which many are drawn. */
export interface CanaryCase {
  readonly name: string;
  readonly truth: 'good' | 'bad';
  readonly metric: 'errors' | 'slow';
  /** Requests a minute. */
  readonly candidate: number;
  readonly baseline: number;
  readonly baselineRate: number;
  /** How many times as bad the candidate is … */
  readonly ratio: number;
  /** … from this window on. */
  readonly badFrom?: number;
  readonly dispersion?: number;
  /** Both versions' rates rise and fall together, by so much of themselves. */
  readonly drift?: number;
  /** Of one minute each; 30, unless said. */
  readonly windows?: number;
  /** Traffic in steps of ten percent, each of so many windows; else it is as above throughout. */
  readonly stepWindows?: number;
}

const usual = { truth: 'good', metric: 'errors', candidate: 600, baseline: 5400, ratio: 1 } as const;
const low = { candidate: 30, baseline: 270 };
/** Lognormal with σ = 0.6: so many more exceed the baseline's p95 if all take 25 % longer. */
const slowerBy25 = 2.03;

export const canaryCases: readonly CanaryCase[] = [
  { ...usual, name: 'good', baselineRate: 0.001 },
  { ...usual, name: 'good; errors of both rise and fall by 70 %', baselineRate: 0.001, drift: 0.7 },
  { ...usual, name: 'good; errors in bursts, variance 3 × the mean', baselineRate: 0.001, dispersion: 3 },
  { ...usual, name: 'good; 2 % errors always', baselineRate: 0.02 },
  { ...usual, ...low, name: 'good; low traffic', baselineRate: 0.001 },
  {
    ...usual,
    name: 'good; slow answers of both rise and fall by 60 %',
    metric: 'slow',
    baselineRate: 0.05,
    drift: 0.6,
  },
  { ...usual, name: '3 × errors', truth: 'bad', baselineRate: 0.001, ratio: 3 },
  { ...usual, name: '5 × errors', truth: 'bad', baselineRate: 0.001, ratio: 5 },
  {
    ...usual,
    name: '5 × errors, in steps of 10 % and 6 min',
    truth: 'bad',
    baselineRate: 0.001,
    ratio: 5,
    stepWindows: 6,
    windows: 60,
  },
  {
    ...usual,
    name: '5 × errors from minute 31 of 60',
    truth: 'bad',
    baselineRate: 0.001,
    ratio: 5,
    badFrom: 30,
    windows: 60,
  },
  { ...usual, name: '20 × errors', truth: 'bad', baselineRate: 0.001, ratio: 20 },
  { ...usual, ...low, name: '20 × errors; low traffic', truth: 'bad', baselineRate: 0.001, ratio: 20 },
  {
    ...usual,
    name: '0.5 % errors, where one in 100,000 is usual',
    truth: 'bad',
    baselineRate: 0.00001,
    ratio: 500,
  },
  {
    ...usual,
    name: '25 % more latency',
    truth: 'bad',
    metric: 'slow',
    baselineRate: 0.05,
    ratio: slowerBy25,
  },
  {
    ...usual,
    name: '25 % more latency; slow answers of both rise and fall by 60 %',
    truth: 'bad',
    metric: 'slow',
    baselineRate: 0.05,
    ratio: slowerBy25,
    drift: 0.6,
  },
];
