import { instantFrom } from '../../../state-machines/log/instant';
import { withOtherRule } from '../../../state-machines/replay/other-rule';
import { type FoldStep, replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { PolicyFile } from '../../policy/policy-file';
import type { History } from '../input/history';
import { attachWatchedAlarms } from '../input/watched-alarms';
import { compareRollouts } from '../terminal/rollout-order';

/**
 * Every rollout of a history, in the order of the output. What is only observed is judged by both
 * rules about failed tasks; `follow` sees each fold. Empties the
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
    const judged = replay(events, follow === undefined ? { policy, until } : { policy, until, follow });
    rollouts.push(...withOtherRule(judged, { events, until }));
  }
  return rollouts.sort(compareRollouts);
}
