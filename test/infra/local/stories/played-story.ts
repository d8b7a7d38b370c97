import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { faultsOf } from '../../../../infra/local/stories/ending';
import { readStory } from '../../../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../../../infra/local/stories/simulation';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { rollbackUnasked } from '../../../../services/cli/rollback/unasked-rollback';
import { formatExportLine } from '../../../../services/event-log/export-line';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { rewind } from '../../../services/cli/rewind';

interface PlayedStory extends StoryResult {
  /** The lines of the timeline without their times. */
  readonly lines: readonly string[];
}

/**
 * Plays a story in process, and holds it to the end that it says; the commands then judge what it
 * left in the log.
 */
export async function played(name: string): Promise<PlayedStory> {
  const story = readStory(name);
  const lines: string[] = [];
  const { result } = await runSimulation({
    scenario: story,
    seed: story.seed,
    rewind: parsePolicyFile(JSON.stringify(story.policy), name),
    rollback: rollbackUnasked,
    speed: null,
    print: (line) => lines.push(line.replace(/^\S+ +/, '')),
    deliver: () => {},
  });
  expect(faultsOf(result, story.ends)).toEqual([]);
  const folder = mkdtempSync(path.join(tmpdir(), 'rewind-stories-'));
  try {
    const file = path.join(folder, `${name}.jsonl`);
    writeFileSync(file, result.recorded.map((recorded) => `${formatExportLine(recorded)}\n`).join(''));
    await expectEveryDecisionConfirmed(file);
    await expectTheSameVerdictAgain(result, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...result, lines };
}

async function expectEveryDecisionConfirmed(file: string): Promise<void> {
  const { code, stdout } = await rewind(['audit', '--verify', '--all', '--from', file]);
  expect(stdout).toMatch(
    /^prod\/web {2}(\d+) decisions: \1 confirmed\n1 service, \1 decisions: \1 confirmed\n$/,
  );
  expect(code).toBe(0);
}

async function expectTheSameVerdictAgain({ rollout }: StoryResult, file: string): Promise<void> {
  const { code, stdout, stderr } = await rewind(['replay', file, '--format', 'json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const replayed: { deployment: string; verdict: object; outcome: string }[] = JSON.parse(stdout).rollouts;
  const again = replayed.find(({ deployment }) => deployment === rollout?.deployment);
  expect(again?.verdict).toMatchObject({
    result: rollout?.verdict?.result,
    reason: rollout?.verdict?.reason,
    message: rollout?.verdict?.message,
    eventId: rollout?.verdict?.eventId,
  });
  expect(again?.outcome).toBe(rollout?.outcome);
}

/** The transcripts of a page of docs/operations are what the commands print: `npm run docs`. */
export function expectShown(pageName: string, { lines }: PlayedStory): void {
  const file = new URL(`../../../../docs/operations/${pageName}.md`, import.meta.url);
  const page = readFileSync(file, 'utf8').replaceAll(/^\d+:\d\d:\d\d +/gm, '');
  expect(page, 'npm run docs writes it anew').toContain(`\n${lines.join('\n')}\n`);
}
