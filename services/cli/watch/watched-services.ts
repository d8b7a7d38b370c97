import type { Instant } from '../../../state-machines/log/instant';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { type WaitResult, waitResultOf } from '../../../state-machines/service/history/wait-answer';
import { standingSentence } from '../session/rollouts/rollout-standing';
import type { ServiceStatus } from '../status/service-status';

/** Something that whoever watches is to be told once. */
export interface WatchedChange {
  readonly status: ServiceStatus;
  readonly record: RolloutRecord | null;
  readonly sentence: string;
}

/** Follows rollouts from look to look: which are awaited, how each ended, and what has changed. */
export class WatchedServices {
  /** Null while a rollout goes on. */
  readonly #results = new Map<string, WaitResult | null>();
  readonly #told = new Map<string, string>();
  #isUntold = false;

  /** Takes what a look has shown, and answers with what is new in it. */
  take(statuses: readonly ServiceStatus[], now: Instant): WatchedChange[] {
    this.#isUntold = statuses.some(isUntold);
    return statuses.flatMap((status) => {
      const changes = status.rollouts.filter((record) => this.#follow(status, record, now));
      const sentences = changes.map((record) => ({
        status,
        record,
        sentence: standingSentence(record, now),
      }));
      return [...sentences, ...this.#silent(status)].filter((change) => this.#isNew(change));
    });
  }

  /** Whether something is under way that is waited for. */
  get isUnderWay(): boolean {
    return this.#isUntold || [...this.#results.values()].includes(null);
  }

  get results(): WaitResult[] {
    return [...this.#results.values()].filter((result) => result !== null);
  }

  /** A rollout is followed from where it was seen to go on. */
  #follow({ service }: ServiceStatus, record: RolloutRecord, now: Instant): boolean {
    const key = `${service} ${rolloutKey(record)}`;
    const ecs = { rolloutState: null, endedUntoldSince: null };
    const result = waitResultOf({ record, ecs, until: 'judged', now });
    if (!this.#results.has(key) && result !== null) return false;
    this.#results.set(key, result);
    return true;
  }

  /** ECS works on something of which the log has not heard. */
  #silent(status: ServiceStatus): WatchedChange[] {
    if (!isUntold(status)) return [];
    return [{ status, record: null, sentence: 'ECS is at work; the log has not told of it yet' }];
  }

  #isNew({ status: { service }, record, sentence }: WatchedChange): boolean {
    const key = record === null ? service : `${service} ${rolloutKey(record)}`;
    if (this.#told.get(key) === sentence) return false;
    this.#told.set(key, sentence);
    return true;
  }
}

function isUntold({ rollouts, rolloutState }: ServiceStatus): boolean {
  return rolloutState === 'IN_PROGRESS' && rollouts.every(({ phase }) => phase === 'done');
}
