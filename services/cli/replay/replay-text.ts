import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant } from '../../../state-machines/log/instant';
import { usersSentences } from '../../../state-machines/rollout/measuring/damage';
import type { Rollback, Rollout } from '../../../state-machines/rollout/rollout';
import { counted, formatDuration } from '../../sentences/quantities';
import { revisionWords } from '../../sentences/revision-words';
import {
  againSentence,
  callerName,
  contractWords,
  doubtSentence,
  otherRuleSentence,
  postponementWords,
  reasonWords,
  regionAndAccount,
  stoppedTasksByClass,
  taskClassWords,
} from '../../sentences/rollout-words';
import { inputSummary } from '../input/input-summary';
import type { Colours } from '../terminal/colours';
import { formatRolloutHeadline } from '../terminal/headline';
import { printable } from '../terminal/streams/safe-text';
import { labelled, outputColumns, wrap } from '../terminal/text-layout';
import type { Replay } from './replay-document';

/** The output of `--format text`: a block a rollout, then a summary. */
export function* formatReplayText({ input, rollouts }: Replay, colours: Colours): Generator<string> {
  for (const rollout of rollouts) yield `${rolloutLines(rollout, colours).join('\n')}\n\n`;
  const results = (['failed', 'passed', 'inconclusive'] as const)
    .map((result) => [rollouts.filter(({ verdict }) => verdict?.result === result).length, result] as const)
    .filter(([count]) => count > 0)
    .map(([count, result]) => `${count} ${result}`);
  const open = rollouts.filter(({ verdict }) => verdict === null).length;
  const judged = [...results, ...(open > 0 ? [`${open} without a verdict`] : [])].join(', ');
  yield `${colours.bold(counted(rollouts.length, 'rollout'))}${judged === '' ? '' : `: ${judged}`}.\n`;
  yield inputSummary(input);
}

function rolloutLines(rollout: Rollout, colours: Colours): string[] {
  const lines = [
    formatRolloutHeadline(rollout, colours),
    colours.dim(`  ${rollout.deployment} in ${regionAndAccount(rollout.service)}`),
    ...(rollout.by === undefined ? [] : labelled('by', printable(callerName(rollout.by)))),
    ...againLines(rollout),
    ...transitionLines(rollout),
    ...labelled('tasks', tasksSentence(rollout)),
    ...rollout.evidence.firstFailures.flatMap(({ task, reason, ...failure }) =>
      labelled('', `${task.slice(0, 8)} ${taskClassWords(failure)}: ${reason}`),
    ),
    ...impairmentLines(rollout),
    ...usersSentences(rollout).flatMap((users, index) =>
      labelled(index === 0 ? 'users' : '', printable(users)),
    ),
    ...doubtLines(rollout),
    ...postponementLines(rollout),
    ...labelled('verdict', verdictSentence(rollout)),
    ...otherRuleLines(rollout),
  ];
  if (rollout.rollback !== null)
    lines.push(...labelled('rollback', rollbackSentence(rollout.rollback, rollout.startedAt)));
  return lines;
}

/** A revision that failed is watched like any other when it is deployed again. */
function againLines(rollout: Rollout): string[] {
  const sentence = againSentence(rollout);
  return sentence === '' ? [] : labelled('again', sentence);
}

function transitionLines({ startedAt, transitions, endedAt }: Rollout): string[] {
  const lines = [`  ${dateAndTimeText(startedAt)}  watching`];
  for (const { at, to, reason } of transitions) {
    const time = timeSince(startedAt, at).padStart(dateAndTimeText(at).length);
    const head = `  ${time}  ${contractWords(to).padEnd(13)}`;
    const sentence = `after ${formatDuration(at - startedAt)}: ${reasonWords[reason]}`;
    const [first = '', ...rest] = wrap(sentence, outputColumns() - head.length);
    lines.push(head + first, ...rest.map((line) => ' '.repeat(head.length) + line));
  }
  return endedAt === null ? [...lines, `  ${' '.repeat(22)}(here the history ends)`] : lines;
}

function tasksSentence({ evidence: { started, ran, failed, byClass } }: Rollout): string {
  return `${started} started, ${ran} ran, ${failed} failed; ${stoppedTasksByClass(byClass)}`;
}

function impairmentLines({ evidence: { impairments } }: Rollout): string[] {
  const named = Object.entries(impairments).map(([eventName, count]) => `${count} × ${eventName}`);
  return named.length === 0 ? [] : labelled('trouble', named.join(', '));
}

/** By `percent` every raised alarm is believed. */
function doubtLines({ doubtedAlarms, policy }: Rollout): string[] {
  if (policy.failureRule !== 'evidence') return [];
  return doubtedAlarms.flatMap((doubted) => {
    const sentence = doubtSentence(doubted);
    return sentence === null ? [] : labelled('alarm', printable(sentence));
  });
}

/** Enough speaks against it, and the verdict waits. */
function postponementLines({ postponed, verdict, startedAt }: Rollout): string[] {
  if (postponed === null || verdict?.result === 'failed') return [];
  const { reason, until } = postponed;
  return labelled(
    'postponed',
    `until ${timeSince(startedAt, until)} at the latest: ${postponementWords[reason]}`,
  );
}

function verdictSentence({ verdict, startedAt, probationUntil }: Rollout): string {
  if (verdict === null) return 'none yet';
  const until =
    probationUntil === null ? '' : `; it may be revoked until ${timeSince(startedAt, probationUntil)}`;
  const message = `${printable(verdict.message)}${until}`;
  return `${verdict.result} after ${formatDuration(verdict.at - startedAt)}: ${message}`;
}

/** In observe mode both rules are compared. */
function otherRuleLines(rollout: Rollout): string[] {
  const sentence = otherRuleSentence(rollout);
  return sentence === null ? [] : labelled('else', printable(sentence));
}

function rollbackSentence(rollback: Rollback, startedAt: Instant): string {
  const { target, serviceRevision, images, requestedAt, issuedAt, completedAt, deployment } = rollback;
  const steps = [
    `requested ${timeSince(startedAt, requestedAt)}`,
    issuedAt === null ? null : `issued ${timeSince(startedAt, issuedAt)}`,
    completedAt === null ? 'not completed' : `completed ${timeSince(startedAt, completedAt)}`,
    deployment === null ? null : `as ${deployment}`,
  ].filter((step) => step !== null);
  const where =
    target === null
      ? 'no safe target is known'
      : `to ${shortTaskDefinition(target)}${revisionWords({ serviceRevision, images })}`;
  return `by ${rollback.by}, ${where}: ${steps.join(', ')}`;
}

function dateAndTimeText(instant: Instant): string {
  return formatInstant(instant)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** The date is said again only where it is another one. */
function timeSince(start: Instant, instant: Instant): string {
  const text = dateAndTimeText(instant);
  const [date] = text.split(' ');
  return dateAndTimeText(start).startsWith(`${date} `) ? text.slice(11) : text;
}
