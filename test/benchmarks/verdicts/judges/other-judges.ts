import { classify } from '../../../../state-machines/log/stopped-task';
import type { CompactHistory } from '../histories/compact-history';

/** A judge that is not Rewind. Returns when it fails the rollout; null for never. */
interface OtherJudge {
  readonly name: string;
  readonly failedAt: (history: CompactHistory) => number | null;
}

/** When the article's state machine looks, and what share of failed tasks it does not accept. */
const article = { afterSeconds: 303, percent: 10 };

export const otherJudges: readonly OtherJudge[] = [
  { name: 'ECS breaker', failedAt: ({ native }) => native.default },
  { name: 'ECS strict', failedAt: ({ native }) => native.strict },
  { name: 'article', failedAt: failedByArticle },
];

/**
 * The rule of AWS's article on Step Functions: some minutes after the start it looks once, and
 * fails the rollout when more than a tenth of its tasks have failed a health check. Its own
 * patterns know no text of today; here it gets Rewind's classes.
 * https://aws.amazon.com/blogs/compute/automating-rollback-of-failed-amazon-ecs-deployments
 */
function failedByArticle(history: CompactHistory): number | null {
  const { texts, tasks, changes, deployment, judgedAt } = history;
  const at = judgedAt + article.afterSeconds * 1000;
  const isNew = tasks.map(
    ([, startedBy, , , , createdAt]) => texts[startedBy] === deployment && createdAt <= at,
  );
  const started = isNew.filter(Boolean).length;
  const failed = changes
    .filter(
      ([task, changedAt, , , , cause]) => isNew[task] && changedAt <= at && hasFailedCheck(texts[cause]),
    )
    .map(([task]) => task);
  return new Set(failed).size * 100 > started * article.percent ? at : null;
}

function hasFailedCheck(cause = '{}'): boolean {
  const { stopCode = null, stoppedReason = null } = JSON.parse(cause);
  return /health-check$/.test(classify({ stopCode, stoppedReason, containers: [] }));
}
