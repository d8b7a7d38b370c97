import type { Command } from 'commander';
import { formatInstant, type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { systemClock } from '../../runtime/clock';
import { type ActOptions, addActOptions } from '../session/act-options';
import { announceActs } from '../session/announced-acts';
import { refuseToAskNobody } from '../session/confirmation';
import { localTime } from '../session/relative-time';
import { runsOf } from '../session/rollouts/rollout-standing';
import { openLoggedSession } from '../session/session';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { parseUntil } from '../terminal/time-options';
import { steeredService } from './live-rollout';

interface PauseOptions extends ActOptions {
  readonly until?: Instant;
}

const pauseDescription = `Hold Rewind's judgement of the live rollout open: time alone neither passes it nor calls it
overdue, until the pause ends or "rewind resume" ends it. What fails meanwhile still fails it. ECS
goes on: only a PAUSE hook stops that.`;

const resumeDescription = `End the pause of a service: its rollout is judged as if there had been none.`;

const pauseHelp = (example: string) => `
Examples:
  ${example}

Exit codes:
${exitCodeLines({
  0: 'done',
  2: 'nothing was done: it was declined, or a dry run',
  65: 'nothing is under way, or paused, there',
})}`;

const hourSeconds = 3600;

/** Adds `rewind pause` to the program. */
export function addPauseCommand(program: Command): void {
  addActOptions(
    program
      .command('pause')
      .description(pauseDescription)
      .argument('<SERVICE>', 'whose rollout')
      .option('--until <TIME>', 'when it ends, in an hour if left out: 18:00, 2026-11-30, 2h', parseUntil),
  )
    .addHelpText('after', pauseHelp('rewind pause prod/web --until 18:00 --reason "the cart looks odd"'))
    .action(async (name: string, options: PauseOptions) => {
      process.exitCode = await pause(name, options);
    });
}

/** Adds `rewind resume` to the program. */
export function addResumeCommand(program: Command): void {
  addActOptions(
    program.command('resume').description(resumeDescription).argument('<SERVICE>', 'whose rollout'),
  )
    .addHelpText('after', pauseHelp('rewind resume prod/web'))
    .action(async (name: string, options: ActOptions) => {
      process.exitCode = await resume(name, options);
    });
}

async function pause(name: string, options: PauseOptions) {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const { service, path, live, gate } = await steeredService(session, name);
  if (live === null) throw new CommandError(`${path}: nothing is judged there just now`, exitCode.data);
  const until = options.until ?? secondsAfter(systemClock(), hourSeconds);
  if (live.phase === 'watching') {
    const waits = gate === null ? 'it stops for no pause' : `it waits at ${gate.stage} for "rewind promote"`;
    say(`ECS goes on with ${runsOf(live)}: ${waits}`);
  }
  const act = {
    action: 'pause',
    reason: options.reason ?? null,
    deployment: live.deployment,
    until: formatInstant(until),
  } as const;
  const words = `the judgement of ${runsOf(live)} paused until ${localTime(until)}`;
  return announceActs(session, { acts: [{ service, act }], words, undo: 'resume' }, options);
}

async function resume(name: string, options: ActOptions) {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const { service, path, state } = await steeredService(session, name);
  const { pause: paused } = state.memory;
  if (paused === undefined) throw new CommandError(`${path}: nothing is paused there`, exitCode.data);
  const act = {
    action: 'resume',
    reason: options.reason ?? null,
    deployment: paused.deployment,
  } as const;
  const words = 'not paused any more';
  return announceActs(session, { acts: [{ service, act }], words, undo: null }, options);
}
