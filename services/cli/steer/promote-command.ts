import type { Command } from 'commander';
import type { WaitingHooks } from '../../aws/ecs/waiting-hooks';
import { answerAct } from '../session/act-answer';
import { type ActOptions, addActOptions } from '../session/act-options';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { runsOf } from '../session/rollouts/rollout-standing';
import { openLoggedSession, type Session } from '../session/session';
import { tellAct, tellActIfPossible } from '../session/told-act';
import { changeAws } from '../terminal/aws-options';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { type SteeredService, steeredService } from './live-rollout';

interface PromoteOptions extends ActOptions {
  readonly skipBake?: true;
}

const description = `Let a rollout go on: where ECS waits at a gate (a PAUSE hook), every hook of the stage is answered
with CONTINUE; with --skip-bake, Rewind's bake of what ECS calls complete is over now, and what
speaks against the release by then still counts.`;

const help = `
Examples:
  rewind promote prod/search --reason "looks good on 10 %"
  rewind promote prod/web --skip-bake --reason "the same image has baked in staging" --yes

Exit codes:
${exitCodeLines({
  0: 'done',
  1: 'of several hooks of the stage, some were answered and some were not',
  2: 'nothing was done: it was declined, or a dry run',
  65: 'nothing waits for an answer there',
})}`;

/** Adds `rewind promote` to the program. */
export function addPromoteCommand(program: Command): void {
  addActOptions(
    program
      .command('promote')
      .description(description)
      .argument('<SERVICE>', 'whose rollout')
      .option('--skip-bake', 'end the bake'),
  )
    .addHelpText('after', help)
    .action(async (name: string, options: PromoteOptions) => {
      if (!options.dryRun) refuseToAskNobody(options);
      const session = await openLoggedSession(options);
      const steered = await steeredService(session, name);
      process.exitCode = options.skipBake
        ? await endBake(session, steered, options)
        : await passGate(session, steered, options);
    });
}

async function endBake(
  session: Session,
  { service, path, live }: SteeredService,
  options: PromoteOptions,
): Promise<ExitCode> {
  if (live?.phase !== 'baking') {
    throw new CommandError(`${path}: nothing bakes there: ECS has to complete it first`, exitCode.data);
  }
  const words = `the bake of ${runsOf(live)} on ${path} is over`;
  const act = {
    action: 'promote',
    skipsBake: true,
    deployment: live.deployment,
    reason: options.reason ?? null,
  } as const;
  const isAgreed = await isAgreedTo(`${words} now; no wait undoes that`, options);
  if (isAgreed) await tellAct(session, service, act);
  const undo = `; to undo: rewind abort ${path}`;
  return answerAct(options.format, {
    sentence: isAgreed ? `${words}${undoing(isAgreed, undo)}` : `would end it: ${words}`,
    isDone: isAgreed,
  });
}

function undoing(isDone: boolean, undo: string): string {
  return isDone ? undo : '';
}

async function passGate(
  session: Session,
  steered: SteeredService,
  options: PromoteOptions,
): Promise<ExitCode> {
  const { service, path, live, gate } = steered;
  if (gate === null) {
    const bakes = live?.phase === 'baking' ? `; ${runsOf(live)} bakes: --skip-bake ends that` : '';
    throw new CommandError(`${path}: ECS waits at no gate${bakes}`, exitCode.data);
  }
  const words = `${gate.stage} of ${live === null ? 'the deployment' : runsOf(live)} on ${path} goes on`;
  const isAgreed = await isAgreedTo(`${words} (${gate.hooks.map(({ id }) => id).join(', ')})`, options);
  if (!isAgreed)
    return answerAct(options.format, { sentence: `would answer CONTINUE: ${words}`, isDone: false });
  await tellActIfPossible(session, service, {
    action: 'promote',
    reason: options.reason ?? null,
    ...(live === null ? {} : { deployment: live.deployment }),
  });
  const left = await answerAll(session, path, gate);
  const sentence =
    left.length === 0
      ? `✔ ${words}; to undo: rewind abort ${path}`
      : `${words} as far as it could be answered; left: ${left.join(', ')}`;
  const code = await answerAct(options.format, { sentence, isDone: left.length < gate.hooks.length });
  return left.length > 0 && left.length < gate.hooks.length ? exitCode.faultFound : code;
}

/** Every hook of the stage has to be answered; those that could not be, with why. */
async function answerAll(
  { clients }: Session,
  path: string,
  { hooks, serviceDeployment }: WaitingHooks,
): Promise<string[]> {
  const { answerHook } = await import('../../aws/ecs/waiting-hooks');
  const client = clients.ecs();
  const left: string[] = [];
  for (const { id } of hooks) {
    try {
      await changeAws(path, () => answerHook(client, { serviceDeployment, id, action: 'CONTINUE' }));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const isOver = /InvalidParameterException/.test(error.message);
      say(isOver ? `${path}: hook ${id} has been answered already, or its time is over` : error.message);
      left.push(id);
    }
  }
  return left;
}

async function isAgreedTo(message: string, options: PromoteOptions): Promise<boolean> {
  return !options.dryRun && confirmChange(`${message}?`, options);
}
