import { formatInstant } from '../../state-machines/log/instant';
import type { FirstFailure } from '../../state-machines/rollout/evidence';
import { consoleUrlOf, placeOf, subjectOf, type Telling } from './telling';

/** What a decision comes to, in words: a headline, then what people ask next. */
export interface Words {
  /** Without the service: the subject of an e-mail puts that in front. */
  readonly headline: string;
  readonly what: string;
  readonly done: string;
}

const reasonCharactersAtMost = 400;
const subjectCharactersAtMost = 99;

/** The message for people: what happened, the evidence, what was done, where to look. Plain text, a few lines. */
export function messageOf(telling: Telling, { what, done }: Words): string {
  const { rollout, event } = telling;
  const since = formatInstant(event.startedAt)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  return [
    `${placeOf(telling)}: ${oneLine(what)}`,
    '',
    ...evidenceLines(telling),
    `What is done: ${oneLine(done)}`,
    '',
    `Rollout: ${subjectOf(telling)}, ${event.deployment}, started ${since}${
      rollout?.rollbackOf ? `, taking back ${rollout.rollbackOf}` : ''
    }`,
    `Service: ${consoleUrlOf(telling)}`,
    `What was known and done, and whether it holds: rewind audit ${placeOf(telling)} ${event.deployment}`,
    ...(event.digest === undefined ? [] : [`Digest of this decision: ${event.digest}`]),
  ].join('\n');
}

/** Amazon SNS takes fewer than 100 printable ASCII characters as a subject. */
export function subjectLineOf(telling: Telling, { headline }: Words): string {
  return subjectLine(`${placeOf(telling)}: ${headline}`);
}

/** The same of any sentence. */
export function subjectLine(sentence: string): string {
  const text = `Rewind: ${sentence}`.replaceAll(/[^ -~]/g, '?');
  return text.length <= subjectCharactersAtMost ? text : `${text.slice(0, subjectCharactersAtMost - 3)}...`;
}

function evidenceLines({ rollout }: Telling): string[] {
  if (rollout === null || rollout.evidence.firstFailures.length === 0) return [];
  const { started, failed, firstFailures } = rollout.evidence;
  const shown = firstFailures.length < failed ? `, the first ${firstFailures.length}` : '';
  return [`Failed tasks, ${failed} of ${started} started${shown}:`, ...firstFailures.map(failureLine), ''];
}

function failureLine({ task, taskClass, container, exitCode, reason }: FirstFailure): string {
  const ending = exitCode === null ? '' : `, ${container} exited with ${exitCode}`;
  return `- ${task}: ${taskClass}${ending}: ${shortened(reason)}`;
}

/** ECS's texts may be long, and hold line breaks that would read as lines of this message. */
export function shortened(text: string): string {
  const line = oneLine(text);
  return line.length <= reasonCharactersAtMost ? line : `${line.slice(0, reasonCharactersAtMost)}…`;
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
