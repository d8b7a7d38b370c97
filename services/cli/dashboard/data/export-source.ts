import path from 'node:path';
import type { RewindEvent } from '../../../../state-machines/log/events';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import {
  type RolloutRecord,
  rolloutRecordOf,
} from '../../../../state-machines/service/history/rollout-record';
import type { RecordedEvent } from '../../../event-log/event-log';
import { memoryEventLog } from '../../../event-log/memory-event-log';
import { isProbeStream } from '../../../notifications/own/probe-stream';
import { jsonValuesOf } from '../../audit/audit-input';
import { nameOfInput } from '../../input/input';
import { isExportLine, parseExportLine } from '../../input/log-export';
import { CommandError, exitCode } from '../../terminal/exit-code';
import type { DashboardSource } from './dashboard-source';

/**
 * An export of the log, read whole. Its time stands still at the last thing that was learnt. Throws
 * CommandError for what is no export: only the log tells when something was learnt.
 */
export async function exportSource(file: string): Promise<DashboardSource> {
  const streams = await readStreams(file);
  const events = memoryEventLog();
  let end = 0;
  for (const stream of streams.values()) {
    const records = concludedRollouts(stream.map(({ event }) => event));
    for (const recorded of stream) {
      const rollout = records.get(recorded.event);
      await events.append({ ...recorded, ...(rollout === undefined ? {} : { rollout }) });
      end = Math.max(end, recorded.recordedAt);
    }
  }
  const now: Instant = instantFrom(end);
  return {
    name: { kind: 'export', name: path.basename(nameOfInput(file)) },
    events,
    session: null,
    services: async () => [...streams.keys()],
    liveServices: async () => [],
    now: () => now,
  };
}

async function readStreams(file: string): Promise<Map<ServiceArn, RecordedEvent[]>> {
  const streams = new Map<ServiceArn, RecordedEvent[]>();
  for await (const found of jsonValuesOf(file)) {
    const place = `${nameOfInput(file)}, line ${found.line}`;
    if (found.kind === 'garbage') throw new CommandError(`${place}: ${found.because}`, exitCode.data);
    const { value } = found;
    if (!isExportLine(value)) {
      const sentence = `${place}: this is no line of an export: only the log tells when something was learnt`;
      throw new CommandError(sentence, exitCode.data);
    }
    const parsed = parseExportLine(value);
    if ('because' in parsed) throw new CommandError(`${place}: ${parsed.because}`, exitCode.data);
    const { service } = parsed.event;
    if (isProbeStream(service)) continue;
    const notification = value.notification == null ? null : JSON.stringify(value.notification);
    const stream = streams.get(service) ?? [];
    streams.set(service, stream);
    stream.push({ ...parsed, notification });
  }
  if (streams.size > 0) return streams;
  throw new CommandError(`${nameOfInput(file)} holds no event`, exitCode.data);
}

/** The table keeps a short record beside each conclusion; an export has to be folded for it. */
function concludedRollouts(events: readonly RewindEvent[]): Map<RewindEvent, RolloutRecord> {
  const records = new Map<RewindEvent, RolloutRecord>();
  replay(events, {
    policy: defaultPolicy,
    until: instantFrom(0),
    follow: ({ event, after }) => {
      const record = event.type === 'RolloutConcluded' ? rolloutRecordOf(after, event) : null;
      if (record !== null) records.set(event, record);
    },
  });
  return records;
}
