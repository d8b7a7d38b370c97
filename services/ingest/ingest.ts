import { partsOfService, type ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { EventLog } from '../event-log/event-log';
import { InvalidNotificationError } from '../notifications/invalid-notification-error';
import { translate } from '../notifications/translate';
import { alarmChangedFor } from '../notifications/translation';
import type { PolicyFile } from '../policy/policy-file';

export interface IngestParts {
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
}

/** What became of one notification: how many events it added, how many stood in the log already. Both 0: it says nothing of a rollout. */
export interface Ingested {
  readonly appended: number;
  readonly duplicates: number;
}

/**
 * Makes events of notifications and appends them to the log. Idempotent. Throws InvalidNotificationError for what is none, and
 * what the log throws when it cannot be written: the notification is to be delivered again.
 */
export function createIngest({ eventLog, policies, now }: IngestParts) {
  return async (notification: string): Promise<Ingested> => {
    const events = await eventsOf(notification, eventLog);
    const managed = events.filter(({ type, service }) => type === 'StackProbed' || policies.manages(service));
    const results = await Promise.all(
      managed.map((event) => eventLog.append({ event, recordedAt: now(), notification })),
    );
    const appended = results.filter((result) => result === 'appended').length;
    return { appended, duplicates: results.length - appended };
  };
}

async function eventsOf(notification: string, eventLog: EventLog): Promise<ObservedEvent[]> {
  const translation = translate(parseJson(notification));
  switch (translation.kind) {
    case 'event':
      return [translation.event];
    case 'alarm': {
      const { alarm, alarmName } = translation.alarm;
      const services: ServiceArn[] = [];
      for await (const service of eventLog.servicesWatching({ arn: alarm, name: alarmName }))
        if (isOfSamePlace(alarm, service)) services.push(service);
      return services.map((service) => alarmChangedFor(translation.alarm, service));
    }
    case 'ignored':
      return [];
    case 'invalid':
      throw new InvalidNotificationError(translation.because);
    default:
      return translation satisfies never;
  }
}

/** Policies name alarms by their names: another account, or another region, has its own of that name. */
function isOfSamePlace(alarm: string, service: ServiceArn): boolean {
  const [, , , region, account] = alarm.split(':');
  const parts = partsOfService(service);
  return region === parts.region && account === parts.account;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidNotificationError('the message is not JSON', { cause });
  }
}
