import { readFileSync, writeFileSync } from 'node:fs';
import { type AnalysisTotals, analysisPage, totalsOf } from './analysis-page';
import type { CanaryVerdict } from './canary-judges';
import type { JudgedCase } from './judged-case';

/** What the page is made of, and the first canaries of each kind for a test to judge again. */
interface RecordedAnalysis {
  readonly totals: readonly AnalysisTotals[];
  readonly slice: readonly JudgedCase[];
}

/** Of each kind. */
export const canariesDrawn = 1000;
export const sliceSize = 3;

const file = new URL('recorded.json', import.meta.url);
const page = new URL('../../../docs/analysis/judging-metrics.md', import.meta.url);

export function readAnalysis(): RecordedAnalysis {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedAnalysis;
}

export function writeAnalysisPage(): void {
  writeFileSync(page, analysisPage(readAnalysis().totals));
}

/** Keeps a result, and writes the page of it. */
export function recordAnalysis(judged: readonly JudgedCase[], kept: number): void {
  const first = (verdicts: readonly CanaryVerdict[]) => verdicts.slice(0, kept);
  const recorded: RecordedAnalysis = {
    totals: judged.map(totalsOf),
    slice: judged.map(({ name, verdicts }) => ({ name, verdicts: verdicts.map(first) })),
  };
  writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
  writeAnalysisPage();
}
