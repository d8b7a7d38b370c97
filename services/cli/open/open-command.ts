import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { oneService } from '../session/chosen-services';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { openOperatorSession } from '../session/session';
import { exitCode, exitCodeLines } from '../terminal/exit-code';
import { parsedServiceArn } from '../terminal/service-name';
import { printText } from '../terminal/streams/standard-output';
import { canOpenBrowser, openBrowser } from './browser';
import { type ConsoleTab, consoleAddress, consoleTabs } from './console-address';

interface OpenOptions extends PlaceOptions {
  readonly tab: ConsoleTab;
  readonly print?: true;
}

const description = `Open a service's page of the AWS console. The address is written to standard output; where there is no
terminal, or no browser, that is all.

SERVICE is the ARN of a service, cluster/service, or a name that only one service has.`;

const help = `
Examples:
  rewind open prod/web
  rewind open prod/web --tab logs --print

Exit codes:
${exitCodeLines({ 0: 'done' })}`;

/** Adds `rewind open` to the program. */
export function addOpenCommand(program: Command): void {
  addPlaceOptions(
    program
      .command('open')
      .description(description)
      .argument('<SERVICE>', 'whose page')
      .option('--tab <TAB>', consoleTabs.join(', '), parseTab, 'deployments')
      .option('--print', 'write the address, and open nothing'),
  )
    .addHelpText('after', help)
    .action(async (name: string, options: OpenOptions) => {
      // An ARN says all: AWS does not have to be asked.
      const service = name.startsWith('arn:')
        ? parsedServiceArn(name)
        : await oneService(await openOperatorSession(options), name);
      const address = consoleAddress(service, options.tab);
      await printText([`${address}\n`]);
      if (!options.print && canOpenBrowser(process)) openBrowser(address);
      process.exitCode = exitCode.done;
    });
}

function parseTab(text: string): ConsoleTab {
  const tab = consoleTabs.find((each) => each === text);
  if (tab !== undefined) return tab;
  throw new InvalidArgumentError(`It is one of ${consoleTabs.join(', ')}.`);
}
