import type { WeighedEvidence } from '../../state-machines/log/foundation/service-past';
import { describeRatio, shortNumber } from '../../state-machines/rollout/weighing/weigh';

/**
 * All that was weighed: what the release's tasks showed, what the service's did before, and how
 * many times likelier that is if the release is bad.
 */
export function weighedSentence({
  starts,
  failedStarts,
  losses,
  taskHours,
  past,
  ...ratios
}: WeighedEvidence): string {
  const now = `${failedStarts} of ${starts} starts failed, ${losses} running tasks lost in ${shortNumber(taskHours)} task-hours`;
  const before = `before, ${shortNumber(past.failedStarts)} of ${shortNumber(past.starts)} starts and ${shortNumber(past.losses)} in ${shortNumber(past.taskHours)} task-hours`;
  return `${now}; ${before}: ${ratioSentence(ratios)}`;
}

/** The ratio, and the one that fails the rollout. */
export function ratioSentence({
  ratio,
  neededRatio,
}: Pick<WeighedEvidence, 'ratio' | 'neededRatio'>): string {
  return `${describeRatio(ratio)} times likelier if the release is bad, ${shortNumber(neededRatio)} needed`;
}
