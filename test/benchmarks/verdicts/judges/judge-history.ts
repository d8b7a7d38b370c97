import type { Verdict } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import type { CompactHistory } from '../histories/compact-history';
import { historyUpTo, unpacked } from '../histories/compact-notifications';
import { exposureAt } from './exposure';
import type { FailedVerdict, Judgement } from './judgement';
import { otherJudges } from './other-judges';
import { eventsOf, failedVerdict, type RewindJudge } from './rewind-judge';

/** What ECS, the article's rule and Rewind under each policy say of one history. */
export function judgeHistory(history: CompactHistory, policies: readonly RewindJudge[]): Judgement {
  const { kind, size, seed, judgedAt, firstSignAt, setting } = history;
  const told = (at: number, because: string) => ({ at, because, exposure: exposureAt(history, at) });
  const byOthers = otherJudges.map(({ failedAt }): FailedVerdict => {
    const at = failedAt(history);
    return at === null ? null : told(at, '');
  });
  const replayed = new ReplayedHistory(history);
  const byRewind = policies.map((policy): FailedVerdict => {
    const verdict = replayed.failedVerdict(policy);
    return verdict === null ? null : told(verdict.at, `${verdict.reason}: ${verdict.message}`);
  });
  return { kind, size, seed, judgedAt, firstSignAt, setting, verdicts: [...byOthers, ...byRewind] };
}

/** Most verdicts on what is bad fall within minutes of its first sign. */
const minutesBehindSign = 4;

/**
 * A history that is replayed under many policies. Where most of it lies behind the first sign of
 * what is bad, what comes soon after the sign is replayed first, and the rest only where no verdict
 * has fallen by then: a verdict knows nothing of what comes later.
 */
class ReplayedHistory {
  readonly #whole: CompactHistory;
  readonly #early: CompactHistory | null;
  readonly #events = new Map<CompactHistory, readonly RewindEvent[]>();

  constructor(history: CompactHistory) {
    this.#whole = history;
    const until = (history.firstSignAt ?? history.until) + minutesBehindSign * 60_000;
    const early = historyUpTo(history, Math.min(until, history.until));
    this.#early = early.changes.length * 2 < history.changes.length ? early : null;
  }

  failedVerdict(policy: RewindJudge): Verdict | null {
    const early = this.#early === null ? null : this.#replay(this.#early, policy);
    const isSure = early !== null && early.at <= (this.#early?.until ?? 0) - 1000;
    return isSure ? early : this.#replay(this.#whole, policy);
  }

  #replay(history: CompactHistory, policy: RewindJudge): Verdict | null {
    const events = this.#events.get(history) ?? eventsOf(unpacked(history), history);
    this.#events.set(history, events);
    return failedVerdict(events, history, policy);
  }
}
