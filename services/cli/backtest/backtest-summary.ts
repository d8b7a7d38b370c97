import type { Difference, EffectOnRollout } from '../../../state-machines/replay/policy-comparison';

/** A comparison in numbers. */
interface ComparisonSummary {
  /** Rollouts by what changes for them. */
  readonly changes: { readonly [change in EffectOnRollout]: number };
  /** Good rollouts that the later policy would have taken back, and the earlier one not. */
  readonly falseRollbacks: number;
  /** Bad rollouts that it would not have given a failed verdict, and the earlier one did. */
  readonly missed: number;
  /**
   * Of rollouts that are not good: tasks that would not have started; negative: that would have
   * been more.
   */
  readonly tasksSpared: number;
}

export function comparisonSummary(differences: readonly Difference[]): ComparisonSummary {
  const count = (is: (difference: Difference) => boolean) => differences.filter(is).length;
  const changed = (change: EffectOnRollout) => count((difference) => difference.change === change);
  return {
    changes: {
      takenBack: changed('takenBack'),
      spared: changed('spared'),
      sooner: changed('sooner'),
      later: changed('later'),
      otherwise: changed('otherwise'),
    },
    falseRollbacks: count(({ change, truth }) => change === 'takenBack' && truth === 'good'),
    missed: count(({ change, truth }) => change === 'spared' && truth === 'bad'),
    tasksSpared: differences
      .filter(({ truth }) => truth !== 'good')
      .reduce((sum, { tasksSpared }) => sum + tasksSpared, 0),
  };
}
