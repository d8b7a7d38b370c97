import { isInSamePlace, type ServiceArn } from '../../../state-machines/log/identifiers';
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

function isWatchedBy(alarm: AlarmNotification, service: ServiceArn, policy: Policy): boolean {
  const isNamed = policy.alarms.includes(alarm.alarmName) || policy.alarms.includes(alarm.alarm);
  return isNamed && isInSamePlace(alarm.alarm, service);
}
