import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import type { WaitResult } from '../../../state-machines/service/history/wait-answer';
import type { WaitingClock } from '../../runtime/clock';
import { RolloutCommits } from '../commits/rollout-commits';
import { failureLogs } from '../session/rollouts/failure-logs';
import type { Session, SessionLog } from '../session/session';
import { readServiceStatus, type ServiceStatus } from '../status/service-status';
import { unansweredAsk } from '../terminal/aws-options';
import { CommandError } from '../terminal/exit-code';
import type { ToldChange, WatchView } from './watch-view';
import { type WatchedChange, WatchedServices } from './watched-services';

interface WatchParts {
  readonly session: Session & { readonly log: SessionLog };
  readonly services: readonly ServiceArn[];
  readonly view: WatchView;
  readonly clock: WaitingClock;
}

interface WatchWish {
  readonly forever?: true;
  readonly logs?: number;
}

/** Enough that what is taken back and its way back are both seen, and what came between. */
const rolloutsSeen = 5;
const secondsBetweenLooks = 2;

/**
 * Looks every two seconds until nothing is under way, and answers with how the rollouts ended that
 * were seen to go on. What AWS does not answer is asked again, and said.
 */
export async function watchServices(
  { session, services, view, clock }: WatchParts,
  { forever, logs }: WatchWish,
): Promise<WaitResult[]> {
  const watched = new WatchedServices();
  const wish = { rollouts: rolloutsSeen, commits: new RolloutCommits(session) };
  const look = () => Promise.all(services.map((service) => readServiceStatus(session, service, wish)));
  const whyOf = failuresTold(session, logs);
  let statuses: readonly ServiceStatus[] = [];
  for (;;) {
    const looked = await look().catch(unansweredAsk);
    const now = instantFrom(Math.round(clock.now()));
    const isHeard = !(looked instanceof CommandError);
    if (isHeard) statuses = looked;
    const changes = await Promise.all(watched.take(statuses, now).map(whyOf));
    await view.show({ statuses, changes, silence: isHeard ? null : looked.message });
    if (isHeard && !watched.isUnderWay && !forever) return watched.results;
    for (let second = 0; second < secondsBetweenLooks; second += 1) {
      await clock.wait(1000);
      view.refresh();
    }
  }
}

/** A change with the failed tasks behind it, the first time that there are some. */
function failuresTold({ clients }: Session, count: number | undefined) {
  const told = new Set<string>();
  return async (change: WatchedChange): Promise<ToldChange> => {
    const { record, status } = change;
    if (record === null || record.firstFailures.length === 0 || record.verdict?.result !== 'failed') {
      return { ...change, failures: [], logs: [] };
    }
    const key = `${status.service} ${rolloutKey(record)}`;
    if (told.has(key)) return { ...change, failures: [], logs: [] };
    told.add(key);
    const failed = { ...record, service: status.service };
    const logs = count === undefined ? [] : await failureLogs(clients, failed, count);
    return { ...change, failures: record.firstFailures, logs };
  };
}
