import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { Policy } from '../../../state-machines/log/policy';
import { type Folded, replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { type AlarmNotification, alarmChangedFor } from '../../notifications/translation';
import type { PolicyFile } from '../../policy/policy-file';
import type { History } from '../input/history';

/** Every rollout of a history, by startedAt, then service, then deployment; `follow` is shown each fold. Empties the history. */
export function judge(
  history: History,
  policyFile: PolicyFile,
  follow?: (folded: Folded) => void,
): Rollout[] {
  attachWatchedAlarms(history, [policyFile]);
  const until: Instant = history.until() ?? instantFrom(0);
  const rollouts: Rollout[] = [];
  for (const [service, events] of history.drain()) {
    const policy = policyFile.policyFor(service);
    rollouts.push(...replay(events, follow === undefined ? { policy, until } : { policy, until, follow }));
  }
  return rollouts.sort(compareRollouts);
}

/** Hands the alarms of a history to the services whose policy, in any of the files, names them. */
export function attachWatchedAlarms(history: History, policyFiles: readonly PolicyFile[]): void {
  history.attachAlarms((alarm, service) => {
    const isWatched = policyFiles.some((file) => isWatchedBy(alarm, service, file.policyFor(service)));
    return isWatched ? alarmChangedFor(alarm, service) : null;
  });
}

/** An alarm's name holds within its account and region only. */
function isWatchedBy(alarm: AlarmNotification, service: ServiceArn, policy: Policy): boolean {
  if (!policy.alarms.includes(alarm.alarmName) && !policy.alarms.includes(alarm.alarm)) return false;
  const [, , , region, account] = alarm.alarm.split(':');
  const parts = partsOfService(service);
  return region === parts.region && account === parts.account;
}

type Named = Pick<Rollout, 'startedAt' | 'service' | 'deployment'>;

/** By startedAt, then service, then deployment. */
export function compareRollouts(a: Named, b: Named): number {
  return (
    a.startedAt - b.startedAt ||
    compareTexts(a.service, b.service) ||
    compareTexts(a.deployment, b.deployment)
  );
}

/** By code unit, not by locale: the order is part of the output's contract, on any machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
