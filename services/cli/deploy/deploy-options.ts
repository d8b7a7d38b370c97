import { type Command, InvalidArgumentError, Option } from 'commander';
import { type WaitEnd, waitEnds } from '../../../state-machines/service/history/wait-answer';
import { type ActOptions, addActOptions } from '../session/act-options';
import { parseDuration } from '../terminal/time-options';
import type { WishedImages } from './image-changes';

/** What is given to whatever deploys. */
export interface DeployingOptions extends ActOptions {
  readonly force?: true;
  readonly supersede?: true;
  readonly wait?: true;
  readonly until: WaitEnd;
  readonly timeout: number;
}

const sameImageAnswers = ['skip', 'deploy', 'fail'] as const;

export interface DeployOptions extends DeployingOptions, WishedImages {
  readonly taskDefinition?: string;
  readonly base: 'running' | 'stable';
  readonly pin?: true;
  readonly ifSame?: (typeof sameImageAnswers)[number];
  readonly commit?: string;
  readonly subject?: string;
}

/** The options of a deployment of something new. */
export function addDeployOptions(command: Command): Command {
  return addDeployingOptions(
    command
      .option('--image <IMAGE>', 'what runs then, repeatable: [CONTAINER=]IMAGE', collect)
      .option('--tag <TAG>', 'the same repository, another tag')
      .option('--task-definition <NAME>', 'a revision that is there: 43, web:43, or its ARN')
      .addOption(
        new Option('--base <WHICH>', 'which revision is copied')
          .choices(['running', 'stable'])
          .default('running'),
      )
      .option('--pin', 'deploy the image by its digest, wherever its tag points later')
      .addOption(
        new Option('--if-same <WHAT>', 'where this very image runs already').choices(sameImageAnswers),
      )
      .option('--commit <SHA>', 'the commit that the image was built from', parseCommit)
      .option('--subject <TEXT>', 'the first line of its message'),
  );
}

/** The options of everything that deploys. */
export function addDeployingOptions(command: Command): Command {
  return addActOptions(
    command
      .option('--supersede', 'take the place of a deployment that is under way')
      .option('--force', 'although it is frozen, or failed here')
      .option('--wait', 'wait for the rollout, and end as "rewind wait" does')
      .addOption(new Option('--until <END>', 'with --wait').choices(waitEnds).default('judged'))
      .option('--timeout <TIME>', 'with --wait, how long at most: 90s, 30m, 2h', parseDuration, 1800),
  );
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function parseCommit(text: string): string {
  const sha = text.trim().toLowerCase();
  if (/^[\da-f]{7,40}$/.test(sha)) return sha;
  throw new InvalidArgumentError('It is 7 to 40 letters of a commit.');
}
