import { formatInstant } from '../../state-machines/log/instant';
import type { FirstFailure } from '../../state-machines/rollout/first-failures';
import { rollbackWords, taskClassWords } from '../sentences/rollout-words';
import type { AnnouncementText } from './announcement-text';
import { consoleUrlOf, type DecisionInContext, releaseName, servicePath } from './decision-in-context';

const reasonCharactersAtMost = 400;
const subjectCharactersAtMost = 99;

/**
 * The message for people in plain text: what happened, the evidence, what is done, where to look.
 */
export function messageOf(decision: DecisionInContext, { what, done }: AnnouncementText): string {
  const { rollout, event } = decision;
  const since = formatInstant(event.startedAt)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  return [
    `${servicePath(decision)}: ${what}`,
    '',
    ...evidenceLines(decision),
    `What is done: ${done}`,
    '',
    `Rollout: ${releaseName(decision)}, ${event.deployment}, started ${since}${rollout === null ? '' : rollbackWords(rollout)}`,
    `Service: ${consoleUrlOf(decision)}`,
    `What was known and done, and whether it holds: rewind audit ${servicePath(decision)} ${event.deployment}`,
    ...(event.digest === undefined ? [] : [`Digest of this decision: ${event.digest}`]),
  ]
    .map(oneLine)
    .join('\n');
}

/** The subject of a decision's message. */
export function subjectLineOf(decision: DecisionInContext, { headline }: AnnouncementText): string {
  return subjectLine(`${servicePath(decision)}: ${headline}`);
}

/** A sentence as a subject: Amazon SNS takes fewer than 100 printable ASCII characters. */
export function subjectLine(sentence: string): string {
  const text = `Rewind: ${sentence}`.replaceAll(/[^ -~]/g, '?');
  return text.length <= subjectCharactersAtMost ? text : `${text.slice(0, subjectCharactersAtMost - 3)}...`;
}

function evidenceLines({ rollout }: DecisionInContext): string[] {
  if (rollout === null || rollout.evidence.firstFailures.length === 0) return [];
  const { started, failed, firstFailures } = rollout.evidence;
  const shown = firstFailures.length < failed ? `, the first ${firstFailures.length}` : '';
  return [`Failed tasks, ${failed} of ${started} started${shown}:`, ...firstFailures.map(failureLine), ''];
}

function failureLine({ task, container, exitCode, reason, ...failure }: FirstFailure): string {
  const ending = exitCode === null ? '' : `, ${container} exited with ${exitCode}`;
  return `- ${task}: ${taskClassWords(failure)}${ending}: ${shortened(reason)}`;
}

/** Shortens a text of ECS, which may be long, and puts it on one line of the message. */
export function shortened(text: string): string {
  const line = oneLine(text);
  return line.length <= reasonCharactersAtMost ? line : `${line.slice(0, reasonCharactersAtMost)}…`;
}

/** Without what moves a cursor, turns the direction of writing or has no width. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
