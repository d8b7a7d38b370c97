import type { Command } from 'commander';
import colours from 'picocolors';
import { waitingSystemClock } from '../../runtime/clock';
import { chosenServices } from '../session/chosen-services';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { addLogsOption } from '../session/rollouts/failure-logs';
import { resultCodes, worstOf } from '../session/rollouts/result-codes';
import { openLoggedSession } from '../session/session';
import { exitCode, exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { say } from '../terminal/streams/standard-error';
import { watchServices } from './watch-loop';
import { watchView } from './watch-view';

interface WatchOptions extends PlaceOptions {
  readonly forever?: true;
  readonly exitCode?: true;
  readonly logs?: number;
  readonly format: Format;
}

const description = `Watch services: the picture of "rewind status", alive, until every rollout that is under way has been
judged and has settled. Where there is no terminal, a line is written for each change, and nothing else.

Without SERVICE, all services that the log knows. Ctrl-C ends the watching only: rollouts go on.`;

const help = `
Examples:
  rewind watch prod/web
  rewind watch 'prod/*' --forever
  rewind watch prod/web --logs 20 --exit-code

Exit codes:
${exitCodeLines({
  0: 'nothing is under way any more',
  1: 'with --exit-code: a rollout failed, and the service is safe again',
  3: 'with --exit-code: a rollout failed, and the service is not back',
  4: 'with --exit-code: a rollout ended without a verdict',
  5: 'with --exit-code: a newer deployment took the place of a rollout',
  130: 'Ctrl-C',
})}`;

/** Adds `rewind watch` to the program. */
export function addWatchCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('watch')
      .description(description)
      .argument('[SERVICE...]', 'which services')
      .option('--forever', 'go on when nothing is under way, until Ctrl-C')
      .option('--exit-code', 'end with how the rollouts ended'),
  );
  addFormatOption(addLogsOption(command))
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: WatchOptions) => {
      const session = await openLoggedSession(options);
      const services = await chosenServices(session, names);
      const view = watchView(options.format, { isOne: services.length === 1, colours });
      const interrupted = () => {
        view.end();
        say('rollouts that are under way go on');
        process.exit(exitCode.interrupted);
      };
      process.once('SIGINT', interrupted);
      try {
        const parts = { session, services, view, clock: waitingSystemClock };
        const results = await watchServices(parts, options);
        view.end();
        if (results.length === 0) say('nothing is under way');
        process.exitCode = options.exitCode
          ? worstOf(results.map((result) => resultCodes[result]))
          : exitCode.done;
      } finally {
        process.off('SIGINT', interrupted);
        view.end();
      }
    });
}
