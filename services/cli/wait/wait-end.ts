import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { localTime } from '../session/relative-time';
import { type FailureLog, failureLines } from '../session/rollouts/failure-logs';
import { resultCodes } from '../session/rollouts/result-codes';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import { actorOf, gateWords, runsOf } from '../session/rollouts/rollout-standing';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { linesFor } from '../terminal/text-layout';
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
  const failures = [...failureLines(record?.firstFailures ?? [], logs)].map((line) => `  ${line}`);
  for (const text of [sentence, ...failures]) {
    for (const line of linesFor(process.stdout, text)) yield `${line}\n`;
  }
  if (resultCodes[result] === exitCode.done || record === null) return;
  // Not wrapped: somebody will copy it.
  yield `why: rewind audit ${partsOfService(anchor.service).path} ${record.deployment}\n`;
}

function sentenceOf({ service, deployment }: WaitAnchor, { result, record }: EndedWait): string {
  const { path } = partsOfService(service);
  const runs = record === null ? deployment : runsOf(record);
  const verdict = record?.verdict?.message ?? '';
  switch (result) {
    case 'passed':
      return `✔ ${path}: ${runs} passed: ${verdict}`;
    case 'completed':
      return `✔ ${path}: ECS calls ${runs} complete; ${judgementOf(record)}`;
    case 'atGate':
      return `✔ ${path}: ${record?.progress?.gate == null ? 'ECS waits' : gateWords(record.progress.gate)}: rewind promote ${path} lets ${runs} go on`;
    case 'failedAndSafe':
      return `✖ ${path}: ${runs} failed: ${verdict}; the service is back on ${wayBackOf(record)}`;
    case 'failedAndNotSafe':
      return `✖ ${path}: ${runs} failed, and ${hindranceOf(record)}: ${verdict}; somebody is needed`;
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

/** A pass is never before the end of the bake; where ECS alone is asked, nobody judges it. */
function judgementOf(record: RolloutRecord | null): string {
  if (record?.dueAt == null) return 'nobody has judged it';
  return `it is not judged before ${localTime(record.dueAt)}`;
}

function wayBackOf(record: RolloutRecord | null): string {
  if (record?.rollback == null) return 'what it ran before';
  const { target } = record.rollback;
  return `${target === null ? 'what it ran before' : shortTaskDefinition(target)}, by ${actorOf(record.rollback)}`;
}

function hindranceOf(record: RolloutRecord | null): string {
  switch (record?.outcome) {
    case 'rollbackFailed':
      return record.rollback?.issuedAt == null
        ? 'it still runs, because the way back was refused or held'
        : 'the way back failed, too';
    case 'noSafeTarget':
      return 'it still runs, with nowhere to go back to';
    default:
      return record?.mode === 'observe' ? 'it still runs (observe mode)' : 'it still runs';
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
