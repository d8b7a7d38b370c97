import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { type FailureLog, failureLines } from '../session/rollouts/failure-logs';
import { resultCodes } from '../session/rollouts/result-codes';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import { runsOf } from '../session/rollouts/rollout-standing';
import type { ExitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { tellGitHub } from './github-actions';
import type { WaitAnchor } from './wait-anchor';
import type { WaitEnding } from './wait-ending';
import type { EndedWait } from './wait-loop';

interface Told {
  readonly format: Format;
  /** The last lines of the failed tasks, where they were asked for. */
  readonly logs: readonly FailureLog[];
}

/** Tells how it ended, and answers with the exit code. */
export async function endWait(
  anchor: WaitAnchor,
  ended: EndedWait,
  { format, logs }: Told,
): Promise<ExitCode> {
  const { result, record } = ended;
  const sentence = sentenceOf(anchor, ended);
  const ending = { result, exitCode: resultCodes[result], sentence, record, anchor, logs };
  if (format === 'json') await printJson([`${JSON.stringify(documentOf(ending), null, 2)}\n`]);
  else await printText(formatEnding(ending));
  await tellGitHub(ending, process.env);
  return ending.exitCode;
}

function* formatEnding({ sentence, record, anchor, result, logs }: WaitEnding): Generator<string> {
  yield `${sentence}\n`;
  for (const line of failureLines(record?.firstFailures ?? [], logs)) yield `  ${line}\n`;
  if (result === 'passed' || result === 'completed' || record === null) return;
  yield `why: rewind audit ${partsOfService(anchor.service).path} ${record.deployment}\n`;
}

function sentenceOf({ service, deployment }: WaitAnchor, { result, record }: EndedWait): string {
  const { path } = partsOfService(service);
  const runs = record === null ? deployment : runsOf(record);
  const verdict = record?.verdict?.message ?? '';
  const target = record?.rollback?.target ?? null;
  switch (result) {
    case 'passed':
      return `✔ ${path}: ${runs} passed: ${verdict}`;
    case 'completed':
      return `✔ ${path}: ECS calls ${runs} complete; it is not judged yet`;
    case 'failedAndSafe':
      return `✖ ${path}: ${runs} failed: ${verdict}; the service is back on ${target === null ? 'what it ran before' : shortTaskDefinition(target)}`;
    case 'failedAndNotSafe':
      return `✖ ${path}: ${runs} failed, and it still runs: ${verdict}; somebody is needed`;
    case 'noVerdict':
      return `? ${path}: ${runs} ended without a verdict: ${verdict || 'nothing was proven'}`;
    case 'superseded':
      return `» ${path}: a newer deployment took the place of ${runs}`;
    case 'cannotTell':
      return `? ${path}: Rewind knows nothing of ${runs}, though ECS works on it no more`;
    case 'timedOut':
      return `… ${path}: ${runs} still goes on, with nothing that ends it so far; wait on with rewind wait ${path} --deployment ${deployment}`;
    default:
      return result satisfies never;
  }
}

function documentOf({ anchor, record, result, exitCode: code, sentence, logs }: WaitEnding) {
  const { service, deployment } = anchor;
  const isBack = result === 'failedAndSafe';
  return {
    schema: 'rewind.wait/1',
    service,
    deployment: record?.deployment ?? deployment,
    result,
    exitCode: code,
    sentence,
    nowRuns: (isBack ? record?.rollback?.target : record?.taskDefinition) ?? null,
    isSafe: result === 'passed' || isBack,
    rollout: record === null ? null : rolloutDocumentOf(record),
    ...(logs.length === 0 ? {} : { logs }),
  };
}
