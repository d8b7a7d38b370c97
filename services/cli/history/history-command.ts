import { type Command, InvalidArgumentError } from 'commander';
import colours from 'picocolors';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { isRollback } from '../../../state-machines/rollout/rollout-context';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { systemClock } from '../../runtime/clock';
import type { FoundCommit } from '../commits/found-commits';
import { RolloutCommits } from '../commits/rollout-commits';
import { oneService } from '../session/chosen-services';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { timeSpan } from '../session/relative-time';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import { commitWords, rolloutStandingOf, runsOf, whoOf, whyOf } from '../session/rollouts/rollout-standing';
import { openLoggedSession, readRollouts, readServiceState } from '../session/session';
import { formatTextTable } from '../session/text-table';
import { exitCode, exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { formatPlaceLine } from '../terminal/headline';
import { printJson, printText } from '../terminal/streams/standard-output';

interface HistoryOptions extends PlaceOptions {
  readonly count: number;
  readonly format: Format;
}

const description = `List the rollouts of a service, newest first: what ran, how it ended and why, the commit, who
brought it and when. What has ended is read in one query, however long the log is.

SERVICE is the ARN of a service, cluster/service, or a name that only one service has.`;

const help = `
Examples:
  rewind history prod/web -n 5
  rewind history prod/web --format json | jq '.rollouts[0].outcome'

Exit codes:
${exitCodeLines({ 0: 'done' })}`;

/** Adds `rewind history` to the program. */
export function addHistoryCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('history')
      .description(description)
      .argument('<SERVICE>', 'whose rollouts')
      .option('-n, --count <N>', 'how many', parseCount, 20),
  );
  addFormatOption(command)
    .addHelpText('after', help)
    .action(async (name: string, options: HistoryOptions) => {
      const session = await openLoggedSession(options);
      const service = await oneService(session, name);
      const state = await readServiceState(session.log, service);
      // What the oldest of them takes back says who brought that.
      const known = await readRollouts(session.log, { service, state, atMost: options.count + 1 });
      const rollouts = known.slice(0, options.count);
      const commits = new RolloutCommits(session);
      await commits.look(rollouts);
      if (options.format === 'json') {
        const documents = rollouts.map((record) => rolloutDocumentOf(record, commits.of(record)));
        const document = { schema: 'rewind.history/1', service, rollouts: documents };
        await printJson([`${JSON.stringify(document, null, 2)}\n`]);
      } else {
        const takenBackBy = ({ rollbackOf }: RolloutRecord) =>
          rollbackOf === null ? null : (known.find(({ deployment }) => deployment === rollbackOf) ?? null);
        const rows = rollouts.map((record) => ({
          record,
          commit: commits.of(record),
          takenBack: takenBackBy(record),
        }));
        const isOlder = rows.length === 0 && state.memory.started.length > 0;
        await printText(isOlder ? formatOlder(service) : formatHistory(service, rows, systemClock()));
      }
      process.exitCode = exitCode.done;
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 1000) return count;
  throw new InvalidArgumentError('It is a number from 1 to 1000.');
}

interface HistoryRow {
  readonly record: RolloutRecord;
  readonly commit: FoundCommit | null;
  /** Null where it is no way back, or one of something that is not listed. */
  readonly takenBack: RolloutRecord | null;
}

/** Rollouts that were concluded before there were short records can be folded, and no more. */
function* formatOlder(service: ServiceArn): Generator<string> {
  const { path } = partsOfService(service);
  yield* formatService(service);
  yield `  no rollout is kept in short here; one that an older Rewind concluded: rewind audit ${path}\n`;
}

function* formatHistory(
  service: ServiceArn,
  rollouts: readonly HistoryRow[],
  now: Instant,
): Generator<string> {
  yield* formatService(service);
  if (rollouts.length === 0) yield '  no rollout is known here\n';
  const lines = formatTextTable(
    rollouts.map((row) => cellsOf(row, now)),
    { indent: 2, yields: 2, foldsLast: true },
  );
  for (const [index, line] of lines.entries()) yield `${painted(rollouts[index]?.record, line, now)}\n`;
}

function formatService(service: ServiceArn): Iterable<string> {
  const { path, region, account } = partsOfService(service);
  return formatPlaceLine([
    { text: path, paint: colours.bold },
    { text: `${region}, ${account}`, paint: colours.dim },
  ]);
}

function cellsOf({ record, commit, takenBack }: HistoryRow, now: Instant): string[] {
  const { sign, words } = rolloutStandingOf(record, now);
  const back = isRollback(record) ? ', a way back' : '';
  const why = record.outcome === 'succeeded' && record.act === null ? '' : (whyOf(record) ?? '');
  const ago = `${timeSpan(record.startedAt, now)} ago`;
  return [runsOf(record), `${sign} ${words}${back}`, commitWords(commit), ago, whoOf(record, takenBack), why];
}

function painted(record: RolloutRecord | undefined, line: string, now: Instant): string {
  const tone = record === undefined ? 'quiet' : rolloutStandingOf(record, now).tone;
  if (tone === 'bad') return colours.red(line);
  return tone === 'open' ? colours.yellow(line) : line;
}
