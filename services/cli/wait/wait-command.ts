import { type Command, InvalidArgumentError } from 'commander';
import { type WaitEnd, waitEnds } from '../../../state-machines/service/history/wait-answer';
import { addPlaceOptions, type PlaceOptions } from '../session/place-options';
import { addLogsOption } from '../session/rollouts/failure-logs';
import { openOperatorSession } from '../session/session';
import { exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { parseDuration } from '../terminal/time-options';
import { anchorOf } from './wait-anchor';
import { waitOut } from './wait-out';

interface WaitOptions extends PlaceOptions {
  readonly deployment?: string;
  readonly taskDefinition?: string;
  readonly until: WaitEnd;
  readonly timeout: number;
  readonly ecsOnly?: true;
  readonly logs?: number;
  readonly format: Format;
}

const description = `Wait until a rollout is judged and settled, and say the truth about it: also where ECS called it
complete and it failed in its bake, and where it was taken back before anybody looked.

Without --deployment, what the service works towards now is waited for; where that is a way back that
Rewind or ECS has taken already, what it takes back. Ctrl-C ends the waiting only: the rollout goes on.

In GitHub Actions a failure becomes an annotation, and the summary and the outputs outcome, verdict,
reason, revision, target and deployment are written.`;

const help = `
Examples:
  rewind wait prod/web --timeout 25m
  rewind wait prod/web --deployment ecs-svc/8112314391461607459
  rewind wait prod/web --timeout 25m --logs 20

Exit codes:
${exitCodeLines({
  0: 'passed; with --until completed: ECS calls it complete; with --until gate: ECS waits there',
  1: 'failed, and the service is safe again',
  3: 'failed, and the service is not back: somebody is needed',
  4: 'ended without a verdict: nothing ran, or too little is known',
  5: 'a newer deployment took its place',
  7: 'Rewind knows nothing of it',
  124: 'the time given by --timeout is over, and it still goes on',
  130: 'Ctrl-C',
})}`;

/** Adds `rewind wait` to the program. */
export function addWaitCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('wait')
      .description(description)
      .argument('<SERVICE>', 'whose rollout')
      .option(
        '--deployment <ID>',
        'ecs-svc/…, as the deployment answered, or the ARN of a service deployment',
      )
      .option('--task-definition <NAME>', 'the rollout of this task definition: web:43, or its ARN')
      .option(
        '--until <END>',
        'judged; completed: without the bake; gate: where ECS waits for an answer',
        parseEnd,
        'judged',
      )
      .option('--timeout <TIME>', 'how long at most: 90s, 30m, 2h', parseDuration, 1800)
      .option('--ecs-only', 'judge by what ECS says alone, where no Rewind looks after the service'),
  );
  addFormatOption(addLogsOption(command))
    .addHelpText('after', help)
    .action(async (name: string, options: WaitOptions) => {
      const session = await openOperatorSession(options);
      const anchor = await anchorOf(session, name, options);
      process.exitCode = await waitOut(session, anchor, options);
    });
}

function parseEnd(text: string): WaitEnd {
  const end = waitEnds.find((each) => each === text);
  if (end !== undefined) return end;
  throw new InvalidArgumentError('It is judged, completed or gate.');
}
