import type { Command } from 'commander';
import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { answerAct } from '../session/act-answer';
import { type ActOptions, addActOptions } from '../session/act-options';
import { oneService } from '../session/chosen-services';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { revisionNamed } from '../session/named-revision';
import { openLoggedSession, readRollouts, readServiceState } from '../session/session';
import { tellAct } from '../session/told-act';
import { type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';

const judgementHelp = (example: string) => `
Examples:
  ${example}

Exit codes:
${exitCodeLines({
  0: 'done',
  2: 'nothing was done: it was so already, it was declined, or a dry run',
})}`;

/** Adds `rewind forgive` to the program. */
export function addForgiveCommand(program: Command): void {
  addJudgeCommand(program, {
    action: 'forgive',
    description: `Say that a revision that failed here is no longer to be held against it: it may prove itself, and be a
target again once it has. "rewind condemn" undoes it.`,
    example: 'rewind forgive prod/web 43 --reason "its secret was missing"',
  });
}

/** Adds `rewind condemn` to the program. */
export function addCondemnCommand(program: Command): void {
  addJudgeCommand(program, {
    action: 'condemn',
    description: `Say that a revision is bad, whatever Rewind made of it: Rewind goes back to it no more, and what was
proven of it counts no longer. "rewind forgive" undoes it.`,
    example: 'rewind condemn prod/web 43 --reason "it loses orders"',
  });
}

interface Judgement {
  readonly action: 'forgive' | 'condemn';
  readonly description: string;
  readonly example: string;
}

function addJudgeCommand(program: Command, { action, description, example }: Judgement): void {
  addActOptions(
    program
      .command(action)
      .description(description)
      .argument('<SERVICE>', 'whose revision')
      .argument('<REVISION>', '43, web:43, or the ARN of a task definition'),
  )
    .addHelpText('after', judgementHelp(example))
    .action(async (name: string, revision: string, options: ActOptions) => {
      process.exitCode = await judge(action, { name, revision }, options);
    });
}

async function judge(
  action: Judgement['action'],
  asked: { readonly name: string; readonly revision: string },
  options: ActOptions,
): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const service = await oneService(session, asked.name);
  const state = await readServiceState(session.log, service);
  const [newest] = await readRollouts(session.log, { service, state, atMost: 1 });
  const running = newest?.taskDefinition ?? null;
  const taskDefinition = revisionNamed(asked.revision, { service, running });
  const { path } = partsOfService(service);
  const hasFailed = state.memory.failed.some((failed) => failed.taskDefinition === taskDefinition);
  const short = shortTaskDefinition(taskDefinition);
  if (hasFailed === (action === 'condemn')) {
    const sentence = hasFailed
      ? `${short} has failed on ${path} already`
      : `${short} has not failed on ${path}`;
    return answerAct(options.format, { sentence, isDone: false, taskDefinition });
  }
  const intent =
    action === 'forgive'
      ? `forgive ${short} on ${path}`
      : `condemn ${short} on ${path}: Rewind goes back to it no more`;
  if (options.dryRun)
    return answerAct(options.format, { sentence: `would ${intent}`, isDone: false, taskDefinition });
  if (!(await confirmChange(`${intent[0]?.toUpperCase()}${intent.slice(1)}?`, options)))
    return exitCode.changesPending;
  await tellAct(session, service, { action, taskDefinition, reason: options.reason ?? null });
  const undo = `rewind ${action === 'forgive' ? 'condemn' : 'forgive'} ${path} ${short}`;
  const sentence = `${short} is ${action === 'forgive' ? 'forgiven' : 'condemned'} on ${path}; to undo: ${undo}`;
  return answerAct(options.format, { sentence, isDone: true, taskDefinition });
}
