import type { Command } from 'commander';
import colours from 'picocolors';
import { formatInstant } from '../../../state-machines/log/instant';
import { systemClock } from '../../runtime/clock';
import { RolloutCommits } from '../commits/rollout-commits';
import { chosenServices } from '../session/chosen-services';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { addLogsOption } from '../session/rollouts/failure-logs';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import { openLoggedSession } from '../session/session';
import { exitCode, exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { readServiceStatus, type ServiceStatus } from './service-status';
import { formatStatusTable, formatStatusTree } from './status-text';

interface StatusOptions extends PlaceOptions {
  readonly exitCode?: true;
  readonly logs?: number;
  readonly format: Format;
}

const description = `Show where services stand: what runs, what it would go back to, what is judged and until when, who
brought it, what is frozen. Without SERVICE, all services that the log knows, those in trouble first.

SERVICE is the ARN of a service, cluster/service, a name that only one service has, or a pattern.`;

const help = `
Examples:
  rewind status
  rewind status prod/web
  rewind status 'prod/*' --exit-code

Exit codes:
${exitCodeLines({
  0: 'done; with --exit-code: nobody is needed',
  3: 'with --exit-code: a service failed and is not back',
})}`;

/** Adds `rewind status` to the program. */
export function addStatusCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('status')
      .description(description)
      .argument('[SERVICE...]', 'which services')
      .option('--exit-code', 'end with 3 where somebody is needed'),
  );
  addFormatOption(addLogsOption(command))
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: StatusOptions) => {
      const session = await openLoggedSession(options);
      const { logs } = options;
      const services = await chosenServices(session, names);
      const wish = { commits: new RolloutCommits(session), ...(logs === undefined ? {} : { logs }) };
      const statuses = await inGroups(services, 10, (service) => readServiceStatus(session, service, wish));
      await print(statuses, names.length === 1 && services.length === 1, options.format);
      const isNeeded = statuses.some(({ standing }) => standing?.needsSomebody === true);
      process.exitCode = options.exitCode && isNeeded ? exitCode.needsSomebody : exitCode.done;
    });
}

async function inGroups<Item, Result>(
  items: readonly Item[],
  size: number,
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(ask))));
  }
  return results;
}

async function print(statuses: readonly ServiceStatus[], isOne: boolean, format: Format): Promise<void> {
  const now = systemClock();
  if (format === 'json') {
    const services = statuses.map(statusDocumentOf);
    const document = { schema: 'rewind.status/1', at: formatInstant(now), services };
    return printJson([`${JSON.stringify(document, null, 2)}\n`]);
  }
  const [first] = statuses;
  if (isOne && first !== undefined) return printText(formatStatusTree(first, { now, colours }));
  return printText(formatStatusTable(statuses, { now, colours }));
}

function statusDocumentOf({
  service,
  newest,
  commit,
  takenBack,
  stable,
  freeze,
  pause,
  stop,
  standing,
  logs,
  desiredCount,
  runningCount,
}: ServiceStatus) {
  return {
    service,
    state: standing?.words ?? null,
    needsSomebody: standing?.needsSomebody ?? false,
    desiredCount,
    runningCount,
    stable,
    rollout: newest === null ? null : rolloutDocumentOf(newest, commit),
    takenBack: takenBack === null ? null : rolloutDocumentOf(takenBack),
    ...(logs.length === 0 ? {} : { logs }),
    pause: pause && { ...pause, since: formatInstant(pause.since), until: formatInstant(pause.until) },
    stop: stop && { ...stop, since: formatInstant(stop.since) },
    freeze: freeze && {
      scope: freeze.scope,
      by: freeze.by,
      reason: freeze.reason,
      since: formatInstant(freeze.since),
      until: freeze.until === null ? null : formatInstant(freeze.until),
    },
  };
}
