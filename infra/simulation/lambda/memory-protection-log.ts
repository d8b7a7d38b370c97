import type { EventLog } from '../../../services/event-log/event-log';
import type { ProtectionLog, RecordedProtection } from '../../../services/event-log/protection-log';
import type { ServiceArn } from '../../../state-machines/log/identifiers';

const sequenceDigits = 8;

/** Where an event of the guard stands, as in the table. */
export function protectionPosition({ event }: RecordedProtection): string {
  return `guard#${String(event.sequence).padStart(sequenceDigits, '0')}`;
}

/** The guard's part of the log in memory, beside the events of the rollouts. */
export function memoryProtectionLog(eventLog: Pick<EventLog, 'read'>): ProtectionLog {
  const streams = new Map<ServiceArn, RecordedProtection[]>();
  const streamOf = (service: ServiceArn) => streams.get(service) ?? [];
  return {
    async append(recorded) {
      const { service, sequence } = recorded.event;
      const stream = streamOf(service);
      if (stream.some(({ event }) => event.sequence === sequence)) return 'conflict';
      const inOrder = [...stream, recorded].sort((one, other) => one.event.sequence - other.event.sequence);
      streams.set(service, inOrder);
      return 'appended';
    },
    last: async (service) => streamOf(service).at(-1)?.event ?? null,
    at: async (service, position) =>
      streamOf(service).find((recorded) => protectionPosition(recorded) === position) ?? null,
    async *read(service) {
      yield* streamOf(service);
    },
    async lastCall(service) {
      let last = null;
      for await (const { event } of eventLog.read(service, null)) {
        if (event.type === 'ServiceCreated' || event.type === 'ServiceUpdated') last = event;
      }
      return last;
    },
  };
}
