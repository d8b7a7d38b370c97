import { isInSamePlace, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { AlarmChange } from '../../../state-machines/log/observed-events';
import { alarmChangedFor } from '../../notifications/translation';
import type { PolicyFile } from '../../policy/policy-file';
import type { History } from './history';

/** Hands the alarms of a history to the services whose policy, in any of the files, names them. */
export function attachWatchedAlarms(history: History, policyFiles: readonly PolicyFile[]): void {
  const named = new Map<ServiceArn, ReadonlySet<string>>();
  history.attachAlarms((alarm, service) => {
    // To match the globs of a file takes longer than all else that is done for a service.
    const names = named.get(service) ?? alarmsNamedFor(service, policyFiles);
    named.set(service, names);
    return isWatchedBy(alarm, service, names) ? alarmChangedFor(alarm, service) : null;
  });
}

function alarmsNamedFor(service: ServiceArn, policyFiles: readonly PolicyFile[]): ReadonlySet<string> {
  return new Set(policyFiles.flatMap((file) => file.policyFor(service).alarms));
}

function isWatchedBy(alarm: AlarmChange, service: ServiceArn, names: ReadonlySet<string>): boolean {
  const isNamed = names.has(alarm.alarmName) || names.has(alarm.alarm);
  return isNamed && isInSamePlace(alarm.alarm, service);
}
