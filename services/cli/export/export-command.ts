import type { Command } from 'commander';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { exportEntry, formatExportLine } from '../../event-log/export-line';
import { counted } from '../../sentences/quantities';
import { eachPage, type LogTable, openTable } from '../input/log-table';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import { Progress } from '../terminal/progress';
import { redactSecrets } from '../terminal/redaction';
import { Complaints, say } from '../terminal/streams/standard-error';
import { printJson } from '../terminal/streams/standard-output';
import { parsePast } from '../terminal/time-options';
import { type ExportedPage, ExportFile, type ExportProgress } from './export-file';

interface ExportOptions extends PlaceOptions {
  readonly all?: true;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly output?: string;
  readonly resume?: true;
  readonly redact?: true;
}

const description = `Write the events of one service, or of all, as JSON Lines: each with the time at which it was
recorded and the notification it came from. "rewind replay" and "rewind audit" read them.

SERVICE is the ARN of a service, cluster/service, or a name that only one service has.`;

const help = `
Examples:
  rewind export prod/web --since 30d --output web.jsonl
  rewind export --all --output log.jsonl.gz

Exit codes:
  0   everything that was asked for was written
  64  the command line is wrong
  65  the log holds nothing of it, or items that are no events; the rest was written
  66  there is no such service, or no unfinished export to resume
  69  the table cannot be read, or FILE cannot be written: --resume continues there`;

/** Adds `rewind export` to the program. */
export function addExportCommand(program: Command): void {
  addPlaceOptions(
    program
      .command('export')
      .description(description)
      .argument('[SERVICE]', 'the service to export')
      .option('--all', 'export every service')
      .option('--since <TIME>', 'start at this time (ISO 8601, 15:04), or so long ago, such as 7d', parsePast)
      .option('--until <TIME>', 'end at this time', parsePast)
      .option('--output <FILE>', 'write to FILE, gzipped if it ends in .gz (default: standard output)')
      .option('--redact', 'leave what may be secret out of the notifications')
      .option('--resume', 'continue the unfinished export in FILE, between the times it began with'),
  )
    .addHelpText('after', help)
    .action(async (service: string | undefined, options: ExportOptions) => {
      process.exitCode = await runExport(service, options);
    });
}

function checkExportOptions(service: string | undefined, options: ExportOptions): void {
  const { all, resume, output, since = 0, until = Number.POSITIVE_INFINITY } = options;
  if ((service === undefined) === (all === undefined)) {
    throw new CommandError('name a SERVICE, or say --all', exitCode.usage);
  }
  if (resume && output === undefined) {
    throw new CommandError('--resume goes on with the FILE of --output', exitCode.usage);
  }
  if (since > until) throw new CommandError('--since is later than --until', exitCode.usage);
}

async function runExport(service: string | undefined, options: ExportOptions): Promise<number> {
  checkExportOptions(service, options);
  const table = await openTable(options);
  const arn = service === undefined ? null : await table.serviceArn(service);
  const { redact } = options;
  const question = JSON.stringify({ table: table.name, service: arn ?? 'all', redact });
  const output = await openOutput(question, options);
  try {
    await copyEvents({ table, service: arn, output, redact: redact === true });
  } finally {
    await output.close();
  }
  const { events, unreadable } = output.progress;
  say(`${counted(events, 'event')} exported`);
  return events === 0 || unreadable > 0 ? exitCode.data : exitCode.done;
}

interface Copy {
  readonly table: LogTable;
  readonly service: ServiceArn | null;
  readonly output: Output;
  readonly redact: boolean;
}

/** Writes the events that the output still lacks, a page at a time, to its end. */
async function copyEvents({ table, service, output, redact }: Copy): Promise<void> {
  const told = new Progress(process.stderr, {
    what: 'events exported',
    every: 50_000,
    everyOnTerminal: 5000,
  });
  const complaints = new Complaints((sentence) => {
    told.clear();
    say(sentence);
  });
  const { since, until, after } = output.progress;
  await eachPage(table, { service, since, until, after }, async (page) => {
    for (const { key, message } of page.unreadable) complaints.add(key.service, message);
    const lines = page.events.map((recorded) =>
      redact ? JSON.stringify(redactSecrets(exportEntry(recorded))) : formatExportLine(recorded),
    );
    await output.append(lines, page);
    told.show(output.progress.events);
  });
  await output.finish();
  told.clear();
  complaints.end(`the table ${table.name}`);
}

type Output = Pick<ExportFile, 'progress' | 'append' | 'finish' | 'close'>;

async function openOutput(question: string, options: ExportOptions): Promise<Output> {
  const { output, resume, since = null, until = null } = options;
  if (output !== undefined && resume) return ExportFile.resume(output, question);
  const nothing = { bytes: 0, events: 0, unreadable: 0, after: null };
  const progress: ExportProgress = { question, since, until, ...nothing };
  return output === undefined ? standardOutput(progress) : ExportFile.create(output, progress);
}

function standardOutput(atStart: ExportProgress): Output {
  const output = {
    progress: atStart,
    async append(lines: readonly string[], { unreadable }: ExportedPage) {
      await printJson(lines.map((line) => `${line}\n`));
      const { progress } = output;
      output.progress = {
        ...progress,
        events: progress.events + lines.length,
        unreadable: progress.unreadable + unreadable.length,
      };
    },
    async finish() {},
    async close() {},
  };
  return output;
}
