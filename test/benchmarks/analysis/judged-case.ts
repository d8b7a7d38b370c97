import type { CanaryCase } from './canary-cases';
import { type CanaryVerdict, canaryJudges } from './canary-judges';
import { drawCanary, drawPast } from './draw-canary';

/** What each judge said of the canaries of a kind, in the order of the judges. */
export interface JudgedCase {
  readonly name: string;
  readonly verdicts: readonly (readonly CanaryVerdict[])[];
}

/** As many services' pasts are drawn; their canaries take turns. */
const pasts = 20;

/** Draws so many canaries of a kind and has all judges judge them. Seeded. */
export function judgeCase(drawn: CanaryCase, canaries: number): JudgedCase {
  const known = Array.from({ length: Math.min(pasts, canaries) }, (_, seed) =>
    drawPast(drawn, 1_000_000 + seed),
  );
  const drawnCanaries = Array.from({ length: canaries }, (_, seed) => ({
    windows: drawCanary(drawn, seed),
    past: known[seed % known.length] ?? [],
    metric: drawn.metric,
  }));
  return {
    name: drawn.name,
    verdicts: canaryJudges.map(({ judge }) => drawnCanaries.map((canary) => judge(canary))),
  };
}
