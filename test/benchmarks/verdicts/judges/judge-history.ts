import type { CompactHistory } from '../histories/compact-history';
import { unpacked } from '../histories/compact-notifications';
import { exposureAt } from './exposure';
import type { FailedVerdict, Judgement } from './judgement';
import { otherJudges } from './other-judges';
import { eventsOf, failedVerdict, type RewindJudge } from './rewind-judge';

/** What ECS, the article's rule and Rewind under each policy say of one history. */
export function judgeHistory(history: CompactHistory, policies: readonly RewindJudge[]): Judgement {
  const { kind, size, seed, judgedAt, firstSignAt, setting } = history;
  const events = eventsOf(unpacked(history), history);
  const told = (at: number, because: string) => ({ at, because, exposure: exposureAt(history, at) });
  const byOthers = otherJudges.map(({ failedAt }): FailedVerdict => {
    const at = failedAt(history);
    return at === null ? null : told(at, '');
  });
  const byRewind = policies.map((policy): FailedVerdict => {
    const verdict = failedVerdict(events, history, policy);
    return verdict === null ? null : told(verdict.at, `${verdict.reason}: ${verdict.message}`);
  });
  return { kind, size, seed, judgedAt, firstSignAt, setting, verdicts: [...byOthers, ...byRewind] };
}
