import type { Formatter } from 'picocolors/types';
import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant } from '../../../state-machines/log/instant';
import { failureClasses, otherClasses } from '../../../state-machines/log/stopped-task';
import type { Rollback, Rollout } from '../../../state-machines/rollout/rollout';
import { counted, formatDuration, labelled, printable, width, wordsOf } from '../terminal/text-layout';
import type { Replay } from './replay-document';

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
  if (rollout.rollback !== null)
    lines.push(...labelled('rollback', rollbackSentence(rollout.rollback, rollout.startedAt)));
  return lines;
}

function headlineOf(rollout: Rollout, colours: Colours): string {
  const { path } = partsOfService(rollout.service);
  const what = rollout.taskDefinition === null ? '(unknown)' : shortTaskDefinition(rollout.taskDefinition);
  const how = rollout.rollbackOf === null ? '' : `, taking back ${rollout.rollbackOf}`;
  const left = `${path} to ${what}`;
  const right = wordsOf(rollout.outcome ?? rollout.phase);
  const gap = ' '.repeat(Math.max(1, width - left.length - how.length - right.length));
  return `${colours.bold(left)}${how}${gap}${colourOf(rollout, colours)(right)}`;
}

function placeOf(rollout: Rollout): string {
  const { region, account } = partsOfService(rollout.service);
  return `${region}, account ${account}`;
}

function colourOf(rollout: Rollout, colours: Colours): Formatter {
  if (rollout.outcome === 'succeeded') return colours.green;
  return rollout.verdict?.result === 'failed' ? colours.red : colours.yellow;
}

function transitionLines({ startedAt, transitions, endedAt }: Rollout): string[] {
  const lines = [`  ${dateAndTime(startedAt)}  watching`];
  for (const { at, to, reason } of transitions) {
    const time = timeSince(startedAt, at).padStart(dateAndTime(at).length);
    lines.push(
      `  ${time}  ${wordsOf(to).padEnd(13)}after ${formatDuration(at - startedAt)}: ${reasons[reason]}`,
    );
  }
  return endedAt === null ? [...lines, `  ${' '.repeat(22)}(here the history ends)`] : lines;
}

/** Why a phase or verdict changed, in a few words. */
export const reasons = {
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
  const named = Object.entries(impairments).map(([eventName, count]) => `${count} × ${eventName}`);
  return named.length === 0 ? [] : labelled('trouble', named.join(', '));
}

function verdictSentence({ verdict, startedAt }: Rollout): string {
  if (verdict === null) return 'none yet';
  return `${verdict.result} after ${formatDuration(verdict.at - startedAt)}: ${printable(verdict.message)}`;
}

function rollbackSentence(rollback: Rollback, startedAt: Instant): string {
  const { target, requestedAt, issuedAt, completedAt, deployment } = rollback;
  const steps = [
    `requested ${timeSince(startedAt, requestedAt)}`,
    issuedAt === null ? null : `issued ${timeSince(startedAt, issuedAt)}`,
    completedAt === null ? 'not completed' : `completed ${timeSince(startedAt, completedAt)}`,
    deployment === null ? null : `as ${deployment}`,
  ].filter((step) => step !== null);
  const where = target === null ? 'no safe target is known' : `to ${shortTaskDefinition(target)}`;
  return `by ${rollback.by}, ${where}: ${steps.join(', ')}`;
}

function dateAndTime(instant: Instant): string {
  return formatInstant(instant)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** The date is said again only where it is another one. */
function timeSince(start: Instant, instant: Instant): string {
  const text = dateAndTime(instant);
  const [date] = text.split(' ');
  return dateAndTime(start).startsWith(`${date} `) ? text.slice(11) : text;
}
