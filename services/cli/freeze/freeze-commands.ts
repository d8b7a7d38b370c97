import { type Command, InvalidArgumentError } from 'commander';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { type FreezeScope, freezeScopes } from '../../../state-machines/log/operator/operator-act';
import { rolloutRecordsIn } from '../../../state-machines/service/history/rollout-record';
import { systemClock } from '../../runtime/clock';
import { abortRollout } from '../rollback/abort-command';
import { type ActOptions, addActOptions } from '../session/act-options';
import { announceActs } from '../session/announced-acts';
import { chosenServices } from '../session/chosen-services';
import { canAsk, confirmChange, refuseToAskNobody } from '../session/confirmation';
import { localTime } from '../session/relative-time';
import { worstOf } from '../session/rollouts/result-codes';
import { runsOf } from '../session/rollouts/rollout-standing';
import { openLoggedSession, readServiceState, type Session, type SessionLog } from '../session/session';
import type { ActToTell } from '../session/told-act';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { parseUntil } from '../terminal/time-options';

interface FreezeOptions extends ActOptions {
  readonly scope: FreezeScope;
  readonly until?: Instant;
  readonly abortLive?: true;
}

const freezeDescription = `Hold services still, with a name and a reason for whoever meets it. With --scope rollbacks Rewind
takes nothing back: a rollout that fails is told, and stays. With --scope deploys, deployments through
rewind are refused. A freeze ends by itself, after 24 hours if --until says nothing else.

SERVICE is the ARN of a service, cluster/service, a name that only one service has, or a pattern.`;

const unfreezeDescription = `Lift the freeze of services, and free a budget of rollbacks that is spent. Nothing is deployed and
nothing is taken back by it: the next rollout is judged as ever.`;

const codes = { 0: 'done', 2: 'nothing was done: it was declined, or a dry run' };
const ofAborting = { 1: 'with --abort-live: frozen, and what is under way could not be ended' };

const helpOf = (example: string, own: { readonly [code: number]: string }) => `
Examples:
  ${example}

Exit codes:
${exitCodeLines(own)}`;

const freezeExample = `rewind freeze 'prod/*' --scope deploys --until 18:00 --reason "Black Friday"`;

const daySeconds = 86_400;

/** Adds `rewind freeze` to the program. */
export function addFreezeCommand(program: Command): void {
  addActOptions(
    program
      .command('freeze')
      .description(freezeDescription)
      .argument('<SERVICE...>', 'which services')
      .option('--scope <WHAT>', 'rollbacks, deploys or all', parseScope, 'all')
      .option('--abort-live', 'end what is under way there, too, as "rewind abort" does')
      .option('--until <TIME>', 'when it ends: 18:00, 2026-11-30, 12h, or ISO 8601', parseUntil),
  )
    .addHelpText('after', helpOf(freezeExample, { ...codes, ...ofAborting }))
    .action(async (names: readonly string[], options: FreezeOptions) => {
      if (options.reason === undefined) {
        throw new CommandError('--reason must say why: whoever meets the freeze reads it', exitCode.usage);
      }
      if (options.abortLive && options.format === 'json') {
        const sentence = '--abort-live writes no JSON: freeze first, then say "rewind abort" of each service';
        throw new CommandError(sentence, exitCode.usage);
      }
      const until = options.until ?? secondsAfter(systemClock(), daySeconds);
      const act = {
        action: 'freeze',
        freezes: options.scope,
        until: formatInstant(until),
        reason: options.reason,
      } as const;
      const words = `frozen (${options.scope}) until ${localTime(until)}`;
      process.exitCode = await freeze(names, options, { act, words, undo: 'unfreeze' });
    });
}

/** Adds `rewind unfreeze` to the program. */
export function addUnfreezeCommand(program: Command): void {
  addActOptions(
    program.command('unfreeze').description(unfreezeDescription).argument('<SERVICE...>', 'which services'),
  )
    .addHelpText('after', helpOf('rewind unfreeze prod/web', codes))
    .action(async (names: readonly string[], options: ActOptions) => {
      const act = { action: 'unfreeze', reason: options.reason ?? null } as const;
      if (!options.dryRun) refuseToAskNobody(options);
      const session = await openLoggedSession(options);
      const services = await chosenServices(session, names);
      const acts = services.map((service) => ({ service, act }));
      process.exitCode = await announceActs(
        session,
        { acts, words: 'not frozen any more', undo: null },
        options,
      );
    });
}

function parseScope(text: string): FreezeScope {
  const scope = freezeScopes.find((each) => each === text);
  if (scope !== undefined) return scope;
  throw new InvalidArgumentError('It is rollbacks, deploys or all.');
}

interface FreezingAct {
  readonly act: ActToTell;
  readonly words: string;
  readonly undo: string | null;
}

async function freeze(
  names: readonly string[],
  options: FreezeOptions,
  { act, words, undo }: FreezingAct,
): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const services = await chosenServices(session, names);
  const live =
    options.scope === 'rollbacks' && !options.abortLive
      ? []
      : await servicesUnderWay(session, services, options);
  const acts = services.map((service) => ({ service, act }));
  const code = await announceActs(session, { acts, words, undo }, options);
  if (code !== exitCode.done || live.length === 0) return code;
  const ends = options.abortLive || (canAsk() && options.yes !== true && (await agreesToAbort(live)));
  if (!ends) return code;
  const ended: ExitCode[] = [];
  for (const service of live) ended.push(await abortOne(session, service, options));
  return worstOf(ended);
}

async function agreesToAbort(live: readonly ServiceArn[]): Promise<boolean> {
  const paths = live.map((service) => partsOfService(service).path);
  return confirmChange(`End what is under way on ${paths.join(', ')}, too?`, {});
}

/** One that cannot be aborted any more keeps no other from it. */
async function abortOne(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
  options: FreezeOptions,
): Promise<ExitCode> {
  try {
    return await abortRollout(session, service, { ...options, yes: true });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(error.message);
    return exitCode.faultFound;
  }
}

/** A freeze alone ends nothing that has begun: whoever freezes is told of it before they agree. */
async function servicesUnderWay(
  session: Session & { readonly log: SessionLog },
  services: readonly ServiceArn[],
  { abortLive }: FreezeOptions,
): Promise<ServiceArn[]> {
  const found: ServiceArn[] = [];
  for (const service of services) {
    const state = await readServiceState(session.log, service);
    const live = rolloutRecordsIn(state).find(({ phase }) => phase === 'watching' || phase === 'baking');
    if (live === undefined) continue;
    found.push(service);
    const { path } = partsOfService(service);
    const what = abortLive ? 'is ended after the freeze' : `is left alone: --abort-live ends it, too`;
    say(`${path}: ${runsOf(live)} is under way, and ${what}`);
  }
  return found;
}
