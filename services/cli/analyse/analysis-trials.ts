import { formatInstant } from '../../../state-machines/log/instant';
import type { AnalysisPolicy } from '../../../state-machines/log/measuring/analysis-policy';
import { CommandError, exitCode } from '../terminal/exit-code';
import { alignedRows } from '../terminal/text-layout';
import { analysed, type ToldRollout } from './analyse-service';
import type { AnalysisSweep } from './analysis-sweep';
import { withAnalysisValue } from './analysis-value';

/** What past rollouts would have got by one value of a key. */
export interface AnalysisTrial {
  readonly key: string;
  readonly value: number;
  readonly failed: readonly {
    readonly taskDefinition: string | null;
    readonly startedAt: string;
    readonly errorsWhenKnown: number;
  }[];
  readonly accepted: number;
  readonly open: number;
}

/** Judges the same rollouts by each value. Throws CommandError where one makes no sense. */
export function trialsOf(
  told: readonly ToldRollout[],
  policy: AnalysisPolicy,
  { key, values }: AnalysisSweep,
): AnalysisTrial[] {
  return values.map((value) => {
    const changed = withAnalysisValue(policy, key, value);
    if ('because' in changed)
      throw new CommandError(`--sweep ${key}=${value}: ${changed.because}`, exitCode.usage);
    const judged = told.map((one) => analysed(one, changed.policy));
    const of = (result: string) => judged.filter(({ findings }) => findings.analysis.result === result);
    return {
      key,
      value,
      failed: of('failed').map(({ rollout, findings }) => ({
        taskDefinition: rollout.runs,
        startedAt: formatInstant(rollout.startedAt),
        errorsWhenKnown: Math.round(findings.answeredWhenKnown?.events ?? 0),
      })),
      accepted: of('accepted').length,
      open: judged.length - of('failed').length - of('accepted').length,
    };
  });
}

/** A line for each value, for people. */
export function* formatTrials(trials: readonly AnalysisTrial[]): Generator<string> {
  const [first] = trials;
  if (first === undefined) return;
  const heads = [first.key, 'failed', 'accepted', 'open', 'errors until known', 'which failed'];
  const rows = trials.map(({ value, failed, accepted, open }) => [
    `${value}`,
    `${failed.length}`,
    `${accepted}`,
    `${open}`,
    `${failed.reduce((sum, { errorsWhenKnown }) => sum + errorsWhenKnown, 0)}`,
    failed.map(({ taskDefinition }) => taskDefinition?.split('/').at(-1) ?? 'a version').join(', '),
  ]);
  for (const line of alignedRows([heads, ...rows], (column) => column < 5)) yield `${line}\n`;
}
