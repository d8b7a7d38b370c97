import { Argument, type Command } from 'commander';
import { valueAt } from '../../../state-machines/log/foundation/value-at';
import { isSameRollout } from '../../../state-machines/rollout/live-rollout';
import { type ActOptions, addActOptions } from '../session/act-options';
import { announceActs } from '../session/announced-acts';
import { refuseToAskNobody } from '../session/confirmation';
import { runsOf } from '../session/rollouts/rollout-standing';
import { openLoggedSession } from '../session/session';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';
import { type SteeredService, steeredService } from './live-rollout';

const description = `Answer a test of the live rollout that the policy leaves to you or your pipeline (answeredBy: ci).
Rewind lets no gate go on before it has passed, and takes the release back where it has failed. It
may be answered before ECS comes to the gate. The first answer counts.`;

const help = `
Examples:
  rewind gate prod/web contract passed --reason "run 4711" --yes
  rewind gate prod/web contract failed --reason "2 of 40 checks failed" --yes

Exit codes:
${exitCodeLines({
  0: 'done',
  2: 'nothing was done: it was declined, or a dry run',
  65: 'nothing is judged there, no such test waits for you, or it has been answered',
})}`;

const results = ['passed', 'failed'] as const;

/** Adds `rewind gate` to the program. */
export function addGateCommand(program: Command): void {
  addActOptions(
    program
      .command('gate')
      .description(description)
      .argument('<SERVICE>', 'whose rollout')
      .argument('<TEST>', 'the name of the test')
      .addArgument(new Argument('<RESULT>', 'what it came to').choices(results)),
  )
    .addHelpText('after', help)
    .action(async (...[name, test, testResult, options]: Given) => {
      process.exitCode = await answerTest(name, { test, testResult }, options);
    });
}

type Given = [name: string, test: string, testResult: TestAnswer['testResult'], options: ActOptions];

interface TestAnswer {
  readonly test: string;
  readonly testResult: (typeof results)[number];
}

async function answerTest(name: string, answered: TestAnswer, options: ActOptions): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const steered = await steeredService(session, name);
  const { service, live, path } = steered;
  if (live === null) throw new CommandError(`${path}: nothing is judged there just now`, exitCode.data);
  refuseUnasked(steered, answered.test);
  const { deployment } = live;
  const act = { action: 'gate', reason: options.reason ?? null, deployment, ...answered } as const;
  const words = `the test ${answered.test} of ${runsOf(live)} ${answered.testResult}`;
  return announceActs(session, { acts: [{ service, act }], words, undo: null }, options);
}

/** Throws CommandError where nobody has to answer the test. */
function refuseUnasked({ path, state, live }: SteeredService, test: string): void {
  const context = live === null ? undefined : state.rollouts.find((one) => isSameRollout(one, live))?.context;
  const asked = (context?.policy.tests ?? []).filter(({ answeredBy }) => answeredBy === 'ci');
  const names = asked.map(({ name }) => name);
  if (!names.includes(test)) {
    const others = names.length === 0 ? 'its policy leaves no test to you' : `it has ${names.join(', ')}`;
    throw new CommandError(`${path}: no test ${test} is to be answered there: ${others}`, exitCode.data);
  }
  const answer = valueAt(context?.testAnswers ?? {}, test);
  if (answer === undefined) return;
  const by = answer.by ?? 'an unknown caller';
  throw new CommandError(`${path}: ${by} has answered ${test} already: ${answer.result}`, exitCode.data);
}
