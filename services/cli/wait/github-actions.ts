import { appendFile } from 'node:fs/promises';
import { partsOfService } from '../../../state-machines/log/identifiers';
import { printable } from '../terminal/streams/safe-text';
import { say } from '../terminal/streams/standard-error';
import { fileTrouble } from '../terminal/text-file';
import type { WaitEnding } from './wait-ending';

interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * What GitHub shows of a step: an annotation of a failure, the summary, the outputs.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * Nothing elsewhere. A file that cannot be written is said, and changes no answer.
 */
export async function tellGitHub(ending: WaitEnding, environment: Environment): Promise<void> {
  if (environment.GITHUB_ACTIONS !== 'true') return;
  if (ending.exitCode !== 0) say(`::error title=Rewind::${commandText(ending.sentence)}`);
  await append(environment.GITHUB_STEP_SUMMARY, summaryOf(ending));
  await append(environment.GITHUB_OUTPUT, outputsOf(ending));
}

async function append(file: string | undefined, text: string): Promise<void> {
  if (!file) return;
  try {
    await appendFile(file, text);
  } catch (error) {
    const trouble = fileTrouble(error);
    if (trouble === null) throw error;
    say(`${file} cannot be written: ${trouble}`);
  }
}

function commandText(text: string): string {
  return printable(text).replaceAll('%', '%25');
}

function outputsOf({ record, result, anchor }: WaitEnding): string {
  const outputs = {
    outcome: record?.outcome ?? '',
    result,
    verdict: record?.verdict?.result ?? '',
    reason: record?.verdict?.reason ?? '',
    revision: record?.taskDefinition ?? '',
    target: record?.rollback?.target ?? '',
    deployment: record?.deployment ?? anchor.deployment,
  };
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${printable(value)}\n`)
    .join('');
}

function summaryOf({ sentence, record, anchor }: WaitEnding): string {
  const failures = (record?.firstFailures ?? []).map(
    ({ task, container, exitCode, reason }) =>
      `| ${[task.slice(0, 8), container ?? '', exitCode ?? '', reason].map((cell) => cellText(String(cell))).join(' | ')} |\n`,
  );
  const table =
    failures.length === 0
      ? ''
      : `\n| task | container | exit | reason |\n| --- | --- | --- | --- |\n${failures.join('')}`;
  const { path } = partsOfService(anchor.service);
  return `### Rewind: ${cellText(path)}\n\n${cellText(sentence)}\n${table}\n`;
}

/** Markdown of others stays text. */
function cellText(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#!&]/g, '\\$&');
}
