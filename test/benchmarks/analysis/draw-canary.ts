import type { CountedWindow } from '../../../state-machines/analysis/measured-window';
import { instantFrom } from '../../../state-machines/log/instant';
import type { ArmCounts } from '../../../state-machines/log/measuring/measurement';
import { type Random, randomFrom } from '../../fixtures/histories/random';
import type { CanaryCase } from './canary-cases';
import { drawBursts } from './draw-counts';

/** A window of which both versions' counts are known. */
export type ComparedWindow = CountedWindow & { readonly baseline: ArmCounts };

const windowMilliseconds = 60_000;

/** The windows of one canary, the same for the same seed. */
export function drawCanary(drawn: CanaryCase, seed: number): ComparedWindow[] {
  const random = randomFrom(seed);
  return Array.from({ length: drawn.windows ?? 30 }, (_, index) => {
    const rate = drawn.baselineRate * driftAt(drawn, index);
    const [candidate, baseline] = requestsAt(drawn, index);
    const ratio = index >= (drawn.badFrom ?? 0) ? drawn.ratio : 1;
    return {
      until: instantFrom((index + 1) * windowMilliseconds),
      candidate: countsOf(random, candidate, {
        rate: Math.min(1, rate * ratio),
        dispersion: drawn.dispersion,
      }),
      baseline: countsOf(random, baseline, { rate, dispersion: drawn.dispersion }),
    };
  });
}

/** A day of the baseline's past, in which it had all traffic. */
export function drawPast(drawn: CanaryCase, seed: number): ArmCounts[] {
  const random = randomFrom(seed);
  const { candidate, baseline, baselineRate, dispersion } = drawn;
  return Array.from({ length: 1440 }, (_, index) =>
    countsOf(random, candidate + baseline, { rate: baselineRate * driftAt(drawn, index), dispersion }),
  );
}

function countsOf(
  random: Random,
  requests: number,
  { rate, dispersion = 1 }: { readonly rate: number; readonly dispersion: number | undefined },
): ArmCounts {
  return { requests, events: Math.min(requests, drawBursts(random, requests * rate, dispersion)) };
}

function requestsAt({ candidate, baseline, stepWindows }: CanaryCase, index: number): [number, number] {
  if (stepWindows === undefined) return [candidate, baseline];
  const all = candidate + baseline;
  const share = Math.min(1, (1 + Math.floor(index / stepWindows)) / 10);
  return [all * share, all - all * share];
}

/** Up and down within twenty minutes. */
function driftAt({ drift = 0 }: CanaryCase, index: number): number {
  const phase = (index % 20) / 20;
  const wave = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
  return 1 + drift * wave;
}
