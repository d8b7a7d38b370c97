import { type Command, InvalidArgumentError } from 'commander';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { type FreezeScope, freezeScopes } from '../../../state-machines/log/operator/operator-act';
import { systemClock } from '../../runtime/clock';
import { counted } from '../../sentences/quantities';
import { type ActOptions, addActOptions } from '../session/act-options';
import { chosenServices } from '../session/chosen-services';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { localTime } from '../session/relative-time';
import { openLoggedSession, type Session } from '../session/session';
import { type ActToTell, tellAct } from '../session/told-act';
import { CommandError, type ExitCode, exitCode } from '../terminal/exit-code';
import { printJson, printText } from '../terminal/streams/standard-output';
import { parseUntil } from '../terminal/time-options';

interface FreezeOptions extends ActOptions {
  readonly scope: FreezeScope;
  readonly until?: Instant;
}

const freezeDescription = `Hold services still, with a name and a reason for whoever meets it. With --scope rollbacks Rewind
takes nothing back: a rollout that fails is told, and stays. With --scope deploys, deployments through
rewind are refused. A freeze ends by itself, after 24 hours if --until says nothing else.

SERVICE is the ARN of a service, cluster/service, a name that only one service has, or a pattern.`;

const unfreezeDescription = `Lift the freeze of services, and free a budget of rollbacks that is spent. Nothing is deployed and
nothing is taken back by it: the next rollout is judged as ever.`;

const help = `
Exit codes:
  0   done
  2   nothing was done: it was declined, or a dry run
  64  the command line is wrong, or the name fits several services
  66  there is no such service or stage
  69  AWS cannot be asked
  77  AWS refuses the right`;

const daySeconds = 86_400;

/** Adds `rewind freeze` to the program. */
export function addFreezeCommand(program: Command): void {
  addActOptions(
    program
      .command('freeze')
      .description(freezeDescription)
      .argument('<SERVICE...>', 'which services')
      .option('--scope <WHAT>', 'rollbacks, deploys or all', parseScope, 'all')
      .option('--until <TIME>', 'when it ends: 18:00, 2026-11-30, 12h, or ISO 8601', parseUntil),
  )
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: FreezeOptions) => {
      if (options.reason === undefined) {
        throw new CommandError('--reason must say why: whoever meets the freeze reads it', exitCode.usage);
      }
      const until = options.until ?? secondsAfter(systemClock(), daySeconds);
      const act = {
        action: 'freeze',
        freezes: options.scope,
        until: formatInstant(until),
        reason: options.reason,
      } as const;
      const words = `frozen (${options.scope}) until ${localTime(until)}`;
      process.exitCode = await actOnAll(names, options, { act, words, undo: 'unfreeze' });
    });
}

/** Adds `rewind unfreeze` to the program. */
export function addUnfreezeCommand(program: Command): void {
  addActOptions(
    program.command('unfreeze').description(unfreezeDescription).argument('<SERVICE...>', 'which services'),
  )
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: ActOptions) => {
      const act = { action: 'unfreeze', reason: options.reason ?? null } as const;
      process.exitCode = await actOnAll(names, options, { act, words: 'not frozen any more', undo: null });
    });
}

function parseScope(text: string): FreezeScope {
  const scope = freezeScopes.find((each) => each === text);
  if (scope !== undefined) return scope;
  throw new InvalidArgumentError('It is rollbacks, deploys or all.');
}

interface ActOnAll {
  readonly act: ActToTell;
  /** What the services are then. */
  readonly words: string;
  readonly undo: string | null;
}

async function actOnAll(
  names: readonly string[],
  options: ActOptions,
  { act, words, undo }: ActOnAll,
): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const services = await chosenServices(session, names);
  const paths = services.map((service) => partsOfService(service).path);
  const what = `${counted(services.length, 'service')} (${paths.join(', ')})`;
  const isAgreed = !options.dryRun && (await confirmChange(`${what}: ${words}?`, options));
  if (isAgreed) await tellAll(session, services, act);
  const undoing = undo === null || !isAgreed ? '' : `; to undo: rewind ${undo} ${paths.join(' ')}`;
  const sentence = `${what}: ${options.dryRun ? 'would be ' : ''}${words}${undoing}`;
  const document = { schema: 'rewind.act/1', sentence, isDone: isAgreed, services };
  if (options.format === 'json') await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  else if (isAgreed || options.dryRun) await printText([`${sentence}\n`]);
  return isAgreed ? exitCode.done : exitCode.changesPending;
}

async function tellAll(session: Session, services: readonly ServiceArn[], act: ActToTell): Promise<void> {
  for (const service of services) await tellAct(session, service, act);
}
