import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { isProbeStream } from '../../notifications/own/probe-stream';
import { InputError, nameOfInput, readInput } from '../input/input';
import { JsonValues } from '../input/json-values';
import { isExportLine, parseExportLine } from '../input/log-export';
import { openTable } from '../input/log-table';
import type { Found } from '../input/scan/found';
import type { PlaceOptions } from '../session/place-options';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import { serviceNamed } from '../terminal/service-name';
import { type AuditedStream, AuditedStreams } from './audited-stream';

interface AuditSource extends PlaceOptions {
  /** An export of the log, instead of its table. */
  readonly from?: string;
  /** What was learnt later is left out; null keeps all. */
  readonly at: Instant | null;
}

/** The streams of a source, one after the other: all, or the one service's. Throws CommandError. */
export function auditedStreams(source: AuditSource, service: string | null): AsyncGenerator<AuditedStream> {
  return source.from === undefined ? ofTable(source, service) : ofExport(source.from, source, service);
}

async function* ofTable({ at, ...reach }: AuditSource, name: string | null): AsyncGenerator<AuditedStream> {
  const table = await openTable(reach);
  const service = name === null ? null : await table.serviceArn(name);
  const pages = table.pages({ service, since: null, until: null, after: null });
  const streams = new AuditedStreams();
  for (;;) {
    const { value: page, done } = await askAws(`the table ${table.name}`, () => pages.next());
    if (done) break;
    for (const recorded of page.events) if (at === null || recorded.recordedAt <= at) streams.add(recorded);
    for (const { key } of page.unreadable) streams.addUnreadable(key);
    const current = page.last?.service ?? page.events.at(-1)?.event.service;
    yield* streams.drainAllBut(current);
  }
  yield* streams.drain();
}

async function* ofExport(
  file: string,
  { at }: AuditSource,
  service: string | null,
): AsyncGenerator<AuditedStream> {
  const streams = new AuditedStreams();
  for await (const found of jsonValuesOf(file)) addLine(streams, { file, found, at });
  const named =
    service === null ? null : serviceNamed(service, streams.services().filter(isNoProbe), nameOfInput(file));
  for (const stream of streams.drain()) if (named === null || stream.service === named) yield stream;
}

/** The JSON values of a file. Throws CommandError where it cannot be read to its end. */
export async function* jsonValuesOf(file: string): AsyncGenerator<Found> {
  const values = new JsonValues();
  try {
    for await (const chunk of readInput(file)) yield* values.push(chunk);
    yield* values.end();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const code = error.kind === 'missing' ? exitCode.noInput : exitCode.data;
    throw new CommandError(`${nameOfInput(file)}: ${error.message}`, code, { cause: error });
  }
}

/**
 * An audit of half of an export would accuse the log of what the file lacks: one wrong line ends
 * it.
 */
function addLine(
  streams: AuditedStreams,
  { file, found, at }: { readonly file: string; readonly found: Found; readonly at: Instant | null },
): void {
  const place = `${nameOfInput(file)}, line ${found.line}`;
  if (found.kind === 'garbage') throw new CommandError(`${place}: ${found.because}`, exitCode.data);
  if (!isExportLine(found.value)) {
    const sentence = `${place}: this is no line of an export: only the log tells when something was learnt`;
    throw new CommandError(sentence, exitCode.data);
  }
  const parsed = parseExportLine(found.value);
  if ('because' in parsed) throw new CommandError(`${place}: ${parsed.because}`, exitCode.data);
  if (at !== null && parsed.recordedAt > at) return;
  const notification = found.value.notification === null ? null : '';
  streams.add({ ...parsed, notification });
}

function isNoProbe(service: ServiceArn): boolean {
  return !isProbeStream(service);
}
