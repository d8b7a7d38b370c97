import type { Command } from 'commander';
import colours from 'picocolors';
import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { oneService } from '../session/chosen-services';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { openOperatorSession } from '../session/session';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { type ComparedRevisions, comparedRevisions } from './compared-revisions';
import { formatDifference } from './diff-text';
import { differenceOf, type RevisionChange } from './revision-difference';
import { factsOfRevision } from './revision-facts';

interface DiffOptions extends PlaceOptions {
  readonly format: Format;
}

const description = `Compare two revisions of a service: images and their digests, environment (names, never values),
secrets, cpu, memory, roles, ports, logs, volumes; and of the service network, load balancers,
capacity providers.

Each of FROM and TO is 43, web:43, an ARN, or: "running", what the service works towards; "stable",
what Rewind would go back to; "registered", the newest ACTIVE revision of the family. Without both,
stable and running are compared; without TO, FROM and running.`;

const help = `
Examples:
  rewind diff prod/web
  rewind diff prod/web 41 43
  rewind diff prod/web running registered

Exit codes:
${exitCodeLines({
  0: 'there is no difference',
  2: 'they differ',
  65: 'there is no such revision',
})}`;

/** Adds `rewind diff` to the program. */
export function addDiffCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('diff')
      .description(description)
      .argument('<SERVICE>', 'whose revisions')
      .argument('[REVISION...]', 'FROM and TO'),
  );
  addFormatOption(command)
    .addHelpText('after', help)
    .action(async (name: string, revisions: readonly string[], options: DiffOptions) => {
      const [from, to, ...more] = revisions;
      if (more.length > 0) throw new CommandError('two revisions are compared: FROM and TO', exitCode.usage);
      const session = await openOperatorSession(options);
      const service = await oneService(session, name);
      const compared = await comparedRevisions(session, service, { from, to });
      const changes = differenceOf(factsOfRevision(compared.from), factsOfRevision(compared.to));
      if (options.format === 'json') await printJson([`${documentOf(compared, changes)}\n`]);
      else await printText(formatDifference(compared, changes, colours));
      process.exitCode = changes.length === 0 ? exitCode.done : exitCode.changesPending;
    });
}

function documentOf(
  { service, from, to, notes }: ComparedRevisions,
  changes: readonly RevisionChange[],
): string {
  const document = {
    schema: 'rewind.diff/1',
    service,
    path: partsOfService(service).path,
    from: from.arn,
    to: to.arn,
    fromName: shortTaskDefinition(from.arn),
    toName: shortTaskDefinition(to.arn),
    changes,
    notes,
  };
  return JSON.stringify(document, null, 2);
}
