import { InvalidArgumentError } from 'commander';
import { numbersIn } from '../terminal/policy-option';

/** Keys of an analysis that move a judgement; those of metrics are set for all that compare. */
const sweptAnalysisKeys = [
  'maxIncreasePercent',
  'unacceptableIncreasePercent',
  'maxPercent',
  'falseAlarmPercent',
  'missRatePercent',
  'initialDelaySeconds',
] as const;
export type SweptAnalysisKey = (typeof sweptAnalysisKeys)[number];

/** `--sweep`: the values that one key of an analysis takes. */
export interface AnalysisSweep {
  readonly key: SweptAnalysisKey;
  readonly values: readonly number[];
}

/** Takes `key=from..to`, `key=from..to:step` or `key=a,b,c`. Throws commander's error. */
export function parseAnalysisSweep(text: string): AnalysisSweep {
  const [, name = '', range = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const key = sweptAnalysisKeys.find((each) => each === name);
  if (key === undefined) {
    throw new InvalidArgumentError(
      `It is KEY=FROM..TO[:STEP] or KEY=A,B,C with a KEY of ${sweptAnalysisKeys.join(', ')}.`,
    );
  }
  const values = numbersIn(range);
  if (values.length <= mostValues) return { key, values };
  throw new InvalidArgumentError(
    `That makes ${values.length} values, and at most ${mostValues} are tried: choose a larger step.`,
  );
}

const mostValues = 40;
