import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { clockFrom, type WaitingClock } from '../../runtime/clock';
import { canOpenBrowser, openBrowser } from '../open/browser';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { openLoggedSession } from '../session/session';
import { callerNamed } from '../session/told-act';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { printLine } from '../terminal/streams/standard-output';
import { ownCommand } from './acts/own-command';
import type { DashboardSource } from './data/dashboard-source';
import { isLoopback } from './server/access';

interface DashboardCommandOptions extends PlaceOptions {
  readonly from?: string;
  readonly host: string;
  readonly port: number;
  readonly poll: number;
  readonly open: boolean;
  readonly actions?: true;
}

/** Whoever looks does so in the time of the wall, however fast a local stack's runs. */
const wallClock: WaitingClock = { now: () => performance.now(), wait: (milliseconds) => delay(milliseconds) };

/** With the time that reading takes, what happens is on the page within two seconds. */
export const pollSeconds = 1;

const description = `Show services in a browser, alive: who needs you, what bakes and until when, where ECS waits, evidence
against what would fail it, revisions, tasks, decisions, and any rollout as it was known at any time.

The page is served by this program, to this machine alone, and reads with your own credentials; it
stops reading while no tab looks. Whoever has the address with its token may look, and with --actions
act: each act is typed with the name of the service and a reason, and runs as the command of its name.`;

const help = `
Examples:
  rewind dashboard --stage prod
  rewind dashboard --from log.jsonl.gz
  rewind dashboard --stage prod --actions

Exit codes:
${exitCodeLines({
  0: 'done',
  65: 'the FILE is no export of the log',
  130: 'Ctrl-C',
})}`;

/** Adds `rewind dashboard` to the program. */
export function addDashboardCommand(program: Command): void {
  addPlaceOptions(
    program
      .command('dashboard')
      .description(description)
      .option('--from <FILE>', 'show an export of the log instead of its table; asks no network')
      .option('--actions', 'let the page act: roll back, abort, promote, pause, freeze')
      .option('--port <N>', 'where to listen; any free port if left out', parsePort, 0)
      .option('--host <ADDRESS>', 'where to listen beside this machine: then nobody can act', '127.0.0.1')
      .option('--poll <SECONDS>', 'how long from one look to the next', parsePoll, pollSeconds)
      .option('--no-open', 'print the address only'),
  )
    .addHelpText('after', help)
    .action(async (options: DashboardCommandOptions) => {
      refuseNonsense(options);
      const { serveDashboard } = await import('./server/dashboard-server');
      const source = await sourceFor(options);
      const dashboard = await serveDashboard({
        ...options,
        source,
        caller: source.session === null ? null : await callerNamed(source.session),
        pollMilliseconds: options.poll * 1000,
        clock: wallClock,
        act: options.actions ? ownCommand(options) : null,
      });
      printLine(dashboard.address);
      if (options.open && canOpenBrowser(process)) openBrowser(dashboard.address);
      say(`${source.name.name} is shown there until Ctrl-C; whoever has the address may look`);
      await new Promise((resolve) => process.once('SIGINT', resolve));
      await dashboard.stop();
      process.exitCode = exitCode.interrupted;
    });
}

function refuseNonsense({ actions, host, from }: DashboardCommandOptions): void {
  if (actions && !isLoopback(host)) {
    const sentence = '--actions is for this machine alone: leave --host out';
    throw new CommandError(sentence, exitCode.usage);
  }
  if (actions && from !== undefined) {
    throw new CommandError('--actions needs AWS, and --from shows a file', exitCode.usage);
  }
}

/** The local stack has a time of its own, in which its log is written. */
async function sourceFor({ from, ...place }: DashboardCommandOptions): Promise<DashboardSource> {
  if (from !== undefined) return (await import('./data/export-source')).exportSource(from);
  const { tableSource } = await import('./data/dashboard-source');
  return tableSource(await openLoggedSession(place), clockFrom(process.env.REWIND_CLOCK));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

function parsePoll(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 60) return seconds;
  throw new InvalidArgumentError('It is a number from 1 to 60.');
}
