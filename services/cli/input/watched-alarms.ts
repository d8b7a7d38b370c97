import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { Policy } from '../../../state-machines/log/policy';
import { type AlarmNotification, alarmChangedFor } from '../../notifications/translation';
import type { PolicyFile } from '../../policy/policy-file';
import type { History } from './history';

/** Hands the alarms of a history to the services whose policy, in any of the files, names them. */
export function attachWatchedAlarms(history: History, policyFiles: readonly PolicyFile[]): void {
  history.attachAlarms((alarm, service) => {
    const isWatched = policyFiles.some((file) => isWatchedBy(alarm, service, file.policyFor(service)));
    return isWatched ? alarmChangedFor(alarm, service) : null;
  });
}

/** The name of an alarm holds within its own account and region only. */
function isWatchedBy(alarm: AlarmNotification, service: ServiceArn, policy: Policy): boolean {
  if (!policy.alarms.includes(alarm.alarmName) && !policy.alarms.includes(alarm.alarm)) return false;
  const [, , , region, account] = alarm.alarm.split(':');
  const parts = partsOfService(service);
  return region === parts.region && account === parts.account;
}
