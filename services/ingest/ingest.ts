import { isInSamePlace, type ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { EventLog } from '../event-log/event-log';
import { InvalidNotificationError } from '../notifications/parse-part';
import { translate } from '../notifications/translate';
import { alarmChangedFor, type Translation } from '../notifications/translation';
import type { PolicyFile } from '../policy/policy-file';

interface IngestParts {
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
}

/**
 * How many events of one notification were appended, and how many stood in the log already. Both
 * are 0 when the notification is not about a rollout.
 */
export interface IngestCounts {
  readonly appended: number;
  readonly duplicates: number;
}

/**
 * Makes the function that turns a notification into events and appends them to the log. Idempotent.
 * Throws InvalidNotificationError for what is no notification: trying again changes nothing, and it
 * ends in the dead-letter queue. Throws what the log throws: then it has to be delivered again.
 */
export function createIngest({ eventLog, policies, now }: IngestParts) {
  return async (notification: string): Promise<IngestCounts> => {
    const translation = translate(parseJson(notification));
    if (translation.kind === 'alarm') {
      // Before anybody is asked who watches it: whoever begins to later reads it there.
      await eventLog.appendAlarmChange({ change: translation.alarm, recordedAt: now(), notification });
    }
    const events = await eventsIn(translation, eventLog);
    const managed = events.filter(({ type, service }) => type === 'StackProbed' || policies.manages(service));
    const results = await Promise.all(
      managed.map((event) => eventLog.append({ event, recordedAt: now(), notification })),
    );
    const appended = results.filter((result) => result === 'appended').length;
    return { appended, duplicates: results.length - appended };
  };
}

async function eventsIn(translation: Translation, eventLog: EventLog): Promise<ObservedEvent[]> {
  switch (translation.kind) {
    case 'event':
      return [translation.event];
    case 'alarm': {
      const { alarm, alarmName } = translation.alarm;
      const services: ServiceArn[] = [];
      for await (const service of eventLog.servicesWatching({ arn: alarm, name: alarmName }))
        if (isInSamePlace(alarm, service)) services.push(service);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidNotificationError('the message is not JSON', { cause });
  }
}
