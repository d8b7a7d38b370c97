import type { Formatter } from 'picocolors/types';
import {
  formatInstant,
  type Instant,
  partsOfService,
  shortTaskDefinition,
} from '../../state-machines/identifiers';
import type { Rollback, Rollout } from '../../state-machines/rollout';
import { failureClasses, otherClasses } from '../../state-machines/stopped-task';
import type { Replay } from './replay-document';
import { counted, formatDuration, labelled, printable, width } from './text-layout';

/** The colours of the output; each leaves its text as it is where there are none. */
export interface Colours {
  readonly bold: Formatter;
  readonly dim: Formatter;
  readonly red: Formatter;
  readonly green: Formatter;
  readonly yellow: Formatter;
}

/** The output of `--format text`: a block a rollout, then a summary. */
export function* formatReplayText({ input, rollouts }: Replay, colours: Colours): Generator<string> {
  for (const rollout of rollouts) yield `${blockOf(rollout, colours).join('\n')}\n\n`;
  const results = (['failed', 'passed', 'inconclusive'] as const)
    .map((result) => [rollouts.filter(({ verdict }) => verdict?.result === result).length, result] as const)
    .filter(([count]) => count > 0)
    .map(([count, result]) => `${count} ${result}`);
  const open = rollouts.filter(({ verdict }) => verdict === null).length;
  const judged = [...results, ...(open > 0 ? [`${open} without a verdict`] : [])].join(', ');
  yield `${colours.bold(counted(rollouts.length, 'rollout'))}${judged === '' ? '' : `: ${judged}`}.\n`;
  yield `${counted(input.read, 'notification')} read: ${input.folded} folded, ${input.duplicates} duplicates, `;
  yield `${input.ignored} ignored, ${input.invalid} invalid.\n`;
}

function blockOf(rollout: Rollout, colours: Colours): string[] {
  const lines = [
    headlineOf(rollout, colours),
    colours.dim(`  ${rollout.deployment} in ${placeOf(rollout)}`),
    ...transitionLines(rollout),
    ...labelled('tasks', tasksSentence(rollout)),
    ...rollout.evidence.firstFailures.flatMap(({ task, taskClass, reason }) =>
      labelled('', `${task.slice(0, 8)} ${taskClass}: ${reason}`),
    ),
    ...impairmentLines(rollout),
    ...labelled('verdict', verdictSentence(rollout)),
  ];
  if (rollout.rollback !== null) lines.push(...labelled('rollback', rollbackSentence(rollout.rollback)));
  return lines;
}

function headlineOf(rollout: Rollout, colours: Colours): string {
  const { path } = partsOfService(rollout.service);
  const what = rollout.taskDefinition === null ? '(unknown)' : shortTaskDefinition(rollout.taskDefinition);
  const how = rollout.rollbackOf === null ? '' : `, taking back ${rollout.rollbackOf}`;
  const left = `${path} to ${what}`;
  const right = outcomeOf(rollout);
  const gap = ' '.repeat(Math.max(1, width - left.length - how.length - right.length));
  return `${colours.bold(left)}${how}${gap}${colourOf(rollout, colours)(right)}`;
}

function placeOf(rollout: Rollout): string {
  const { region, account } = partsOfService(rollout.service);
  return `${region}, account ${account}`;
}

function outcomeOf({ outcome, phase }: Rollout): string {
  const words = outcome ?? phase;
  return words.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function colourOf(rollout: Rollout, colours: Colours): Formatter {
  if (rollout.outcome === 'succeeded') return colours.green;
  return rollout.verdict?.result === 'failed' ? colours.red : colours.yellow;
}

function transitionLines({ startedAt, transitions, endedAt, phase }: Rollout): string[] {
  const lines = [`  ${secondsOf(startedAt)}  watching`];
  for (const { at, to, reason } of transitions) {
    lines.push(
      `  ${secondsOf(at)}  ${to.padEnd(12)} after ${formatDuration(at - startedAt)}: ${reasons[reason]}`,
    );
  }
  return endedAt === null && phase !== 'done' ? [...lines, '  (the history ends here)'] : lines;
}

const reasons = {
  TaskFailures: 'too many tasks failed',
  AlarmRaised: 'an alarm was raised',
  NativeFailure: 'ECS itself failed the deployment',
  DeadlineElapsed: 'the deadline passed',
  TestFailed: 'a test failed',
  BakePassed: 'the bake passed',
  Completed: 'ECS completed the deployment',
  Superseded: 'a newer deployment took its place',
  RollbackSettled: 'the rollback settled',
  Operator: 'a person stepped in',
} as const;

function tasksSentence({ evidence: { started, ran, failed, byClass } }: Rollout): string {
  const classes = [...failureClasses, ...otherClasses]
    .filter((taskClass) => (byClass[taskClass] ?? 0) > 0)
    .map((taskClass) => `${byClass[taskClass]} ${taskClass}`);
  const stopped = classes.length === 0 ? 'none stopped' : `stopped: ${classes.join(', ')}`;
  return `${started} started, ${ran} ran, ${failed} failed; ${stopped}`;
}

function impairmentLines({ evidence: { impairments } }: Rollout): string[] {
  const named = Object.entries(impairments).map(([eventName, count]) => `${eventName} (${count} times)`);
  return named.length === 0 ? [] : labelled('trouble', named.join(', '));
}

function verdictSentence({ verdict, startedAt }: Rollout): string {
  if (verdict === null) return 'none yet';
  return `${verdict.result} after ${formatDuration(verdict.at - startedAt)}: ${printable(verdict.message)}`;
}

function rollbackSentence(rollback: Rollback): string {
  const target =
    rollback.target === null ? 'no safe target is known' : `to ${shortTaskDefinition(rollback.target)}`;
  const steps = [
    `requested ${secondsOf(rollback.requestedAt)}`,
    rollback.issuedAt === null ? null : `issued ${secondsOf(rollback.issuedAt)}`,
    rollback.completedAt === null ? 'not completed' : `completed ${secondsOf(rollback.completedAt)}`,
    rollback.deployment === null ? null : `as ${rollback.deployment}`,
  ].filter((step) => step !== null);
  return `by ${rollback.by}, ${target}: ${steps.join(', ')}`;
}

function secondsOf(instant: Instant): string {
  return formatInstant(instant)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
