import { partsOfService } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import { changesBetween } from '../../state-machines/protection/effective-configuration';
import type {
  ProtectionDrifted,
  ProtectionEvent,
  ProtectionRejected,
} from '../../state-machines/protection/protection-events';
import type { RecordedProtection } from '../event-log/protection-log';
import type { ProtectionDetail, ProtectionDetailType } from './announcement-schema';
import { consoleUrlOf } from './decision-in-context';
import { oneLine, shortened, subjectLine } from './message';

/** What the guard saw or was refused, as others see it. People get all of it. */
type ProtectionAnnouncement = {
  [Type in ProtectionDetailType]: { readonly detailType: Type; readonly detail: ProtectionDetail<Type> };
}[ProtectionDetailType];

/** The announcement of an event of the guard; null where all goes as declared. Pure. */
export function announceProtection({ event, recordedAt }: RecordedProtection): ProtectionAnnouncement | null {
  switch (event.type) {
    case 'ProtectionDrifted':
      return {
        detailType: 'Rewind Protection Drifted',
        detail: {
          ...commonDetail(event, recordedAt, driftText(event)),
          drift: {
            changes: driftedFields(event).map(({ field, before, after }) => ({
              field,
              expected: before as never,
              observed: after as never,
            })),
            by: event.changedBy,
            at: event.changedAt === null ? null : formatInstant(event.changedAt),
            policy: event.drift,
          },
        },
      };
    case 'ProtectionRejected':
      return {
        detailType: 'Rewind Protection Rejected',
        detail: {
          ...commonDetail(event, recordedAt, protectionRejectionText(event)),
          rejection: { reason: event.reason, message: event.message, at: formatInstant(event.occurredAt) },
        },
      };
    case 'ProtectionObserved':
    case 'ProtectionRequested':
    case 'ProtectionApplied':
    case 'ProtectionRestored':
      return null;
    default:
      return event satisfies never;
  }
}

interface ProtectionText {
  readonly headline: string;
  readonly lines: readonly string[];
}

function driftText(event: ProtectionDrifted): ProtectionText {
  const { changedBy, changedAt, drift } = event;
  const who = changedBy === null ? 'Nothing tells who it was.' : `Changed by: ${shortened(changedBy)}`;
  const when = changedAt === null ? '' : `, at ${formatInstant(changedAt)}`;
  const done =
    drift === 'mend' ? 'it is put back, unless Rewind only observes' : 'nothing, as its policy says';
  return {
    headline: "ECS's own protection was changed",
    lines: [
      "ECS's own protection is not as declared any more.",
      '',
      ...driftedFields(event).map(
        ({ field, before, after }) =>
          `- ${field}: ${shortened(JSON.stringify(after))} instead of ${shortened(JSON.stringify(before))}`,
      ),
      '',
      `${who}${when}`,
      `What is done: ${done}`,
    ],
  };
}

function protectionRejectionText({ reason, message }: ProtectionRejected): ProtectionText {
  return {
    headline: "ECS's own protection cannot be set",
    lines: [
      "ECS's own protection cannot be set as declared.",
      '',
      shortened(`${reason}: ${message}`),
      'What is done: it is tried again after a day, or when the declaration changes',
    ],
  };
}

function driftedFields({ expected, observed, fields }: ProtectionDrifted) {
  return changesBetween(expected, observed).filter(({ field }) => fields.includes(field));
}

function commonDetail(
  event: ProtectionEvent,
  recordedAt: RecordedProtection['recordedAt'],
  { headline, lines }: ProtectionText,
) {
  const { service, sequence } = event;
  const { cluster, name, path } = partsOfService(service);
  const [first = '', ...others] = lines;
  return {
    id: `${service}#guard#${sequence}`,
    service,
    cluster,
    serviceName: name,
    decidedAt: formatInstant(recordedAt),
    subject: subjectLine(`${path}: ${headline}`),
    message: [`${path}: ${first}`, ...others, '', `Service: ${consoleUrlOf({ event })}`]
      .map(oneLine)
      .join('\n'),
    console: consoleUrlOf({ event }),
  };
}
