import { instantFrom } from '../../../state-machines/log/instant';
import { type FoldStep, replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { PolicyFile } from '../../policy/policy-file';
import type { History } from '../input/history';
import { attachWatchedAlarms } from '../input/watched-alarms';
import { compareRollouts } from '../terminal/rollout-order';

/**
 * Every rollout of a history, in the order of the output; `follow` sees each fold. Empties the
 * history.
 */
export function replayHistory(
  history: History,
  policyFile: PolicyFile,
  follow?: (folded: FoldStep) => void,
): Rollout[] {
  attachWatchedAlarms(history, [policyFile]);
  const until = history.until() ?? instantFrom(0);
  const rollouts: Rollout[] = [];
  for (const [service, events] of history.drain()) {
    const policy = policyFile.policyFor(service);
    rollouts.push(...replay(events, follow === undefined ? { policy, until } : { policy, until, follow }));
  }
  return rollouts.sort(compareRollouts);
}
