import { type Instant, instantFrom, partsOfService, type ServiceArn } from '../../state-machines/identifiers';
import type { Policy } from '../../state-machines/policy';
import { type Folded, replay } from '../../state-machines/replay';
import type { Rollout } from '../../state-machines/rollout';
import { type AlarmNotification, alarmChangedFor } from '../notifications/translation';
import type { PolicyFile } from '../policy/policy-file';
import type { History } from './history';

/** Every rollout of a history, by startedAt, then service, then deployment; `follow` is shown each fold. Empties the history. */
export function judge(
  history: History,
  policyFile: PolicyFile,
  follow?: (folded: Folded) => void,
): Rollout[] {
  history.attachAlarms((alarm, service) =>
    isWatchedBy(alarm, service, policyFile.policyFor(service)) ? alarmChangedFor(alarm, service) : null,
  );
  const until: Instant = history.until() ?? instantFrom(0);
  const rollouts: Rollout[] = [];
  for (const [service, events] of history.drain()) {
    const policy = policyFile.policyFor(service);
    rollouts.push(...replay(events, follow === undefined ? { policy, until } : { policy, until, follow }));
  }
  return rollouts.sort(compareRollouts);
}

/** An alarm's name holds within its account and region only. */
function isWatchedBy(alarm: AlarmNotification, service: ServiceArn, policy: Policy): boolean {
  if (!policy.alarms.includes(alarm.alarmName) && !policy.alarms.includes(alarm.alarm)) return false;
  const [, , , region, account] = alarm.alarm.split(':');
  const parts = partsOfService(service);
  return region === parts.region && account === parts.account;
}

function compareRollouts(a: Rollout, b: Rollout): number {
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
