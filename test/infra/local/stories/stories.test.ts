import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsOf } from '../../../../infra/local/stories/ending';
import { readStory } from '../../../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../../../infra/local/stories/simulation';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { formatExportLine } from '../../../../services/event-log/export-line';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { isDecided } from '../../../../state-machines/log/events';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../../state-machines/log/identifiers';
import { rewind } from '../../../services/cli/rewind';

const folder = mkdtempSync(path.join(tmpdir(), 'rewind-stories-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface PlayedStory extends StoryResult {
  /** The lines of the timeline without their times. */
  readonly lines: readonly string[];
}

/** Plays a story in process; the commands then judge what it left in the log. */
async function played(name: string): Promise<PlayedStory> {
  const story = readStory(name);
  const lines: string[] = [];
  const { result } = await runSimulation({
    scenario: story,
    seed: story.seed,
    rewind: parsePolicyFile(JSON.stringify(story.policy), name),
    speed: null,
    print: (line) => lines.push(line.replace(/^\S+ +/, '')),
    deliver: () => {},
  });
  expect(faultsOf(result, story.ends)).toEqual([]);
  const file = path.join(folder, `${name}.jsonl`);
  writeFileSync(file, result.recorded.map((recorded) => `${formatExportLine(recorded)}\n`).join(''));
  await expectEveryDecisionConfirmed(file);
  await expectTheSameVerdictAgain(result, file);
  return { ...result, lines };
}

/** What Rewind decided on web:2, in order. */
function decidedTypes({ recorded, rollout }: StoryResult): string[] {
  return recorded
    .map(({ event }) => event)
    .filter((event) => isDecided(event) && event.deployment === rollout?.deployment)
    .filter((event) => event.occurredAt >= (rollout?.startedAt ?? 0))
    .map(({ type }) => type);
}

const takenBack = [
  'RolloutOpened',
  'VerdictReached',
  'RollbackRequested',
  'RollbackIssued',
  'RolloutConcluded',
];

describe('a bad deployment', () => {
  it.each([
    ['crash-loop', 'essential-container-exited'],
    ['failing-health-check', 'container-health-check'],
    ['unpullable-image', 'image-pull'],
    ['terraform', 'image-pull'],
  ] as const)('is taken back once while ECS rolls it out: %s', async (name, taskClass) => {
    const story = await played(name);
    expect(decidedTypes(story)).toEqual(takenBack);
    expect(story.rollout?.verdict).toMatchObject({ result: 'failed', reason: 'TaskFailures' });
    expect(story.rollout?.evidence.byClass[taskClass]).toBeGreaterThanOrEqual(2);
    expect(runsOf(story)).toBe('web:1');
    expect(effectiveWrites(story)).toEqual(['StopServiceDeployment']);
  });

  it('is replaced by the stable task definition when it fails in its bake', async () => {
    const story = await played('crash-in-bake');
    expect(decidedTypes(story)).toEqual(takenBack);
    expect(story.rollout?.transitions.map(({ to }) => to)).toEqual(['baking', 'rollingBack', 'done']);
    expect(runsOf(story)).toBe('web:1');
    expect(effectiveWrites(story)).toEqual(['UpdateService']);
    // CloudTrail tells who called.
    const callers = story.recorded.flatMap(({ event }) =>
      event.type === 'ServiceUpdated' ? [event.by] : [],
    );
    expect(callers).toEqual([
      expect.stringMatching(/user\/operator$/),
      expect.stringMatching(/user\/rewind$/),
    ]);
  });

  it('that ECS itself takes back is left to ECS', async () => {
    const story = await played('native-rollback');
    expect(decidedTypes(story)).not.toContain('RollbackIssued');
    expect(story.rollout?.verdict?.reason).toBe('NativeFailure');
    expect(story.rollout?.rollback?.by).toBe('ecs');
    expect(runsOf(story)).toBe('web:1');
    expect(effectiveWrites(story)).toEqual([]);
  });

  it('stays where the policy only observes, and the story ends with that', async () => {
    const story = await played('observe');
    expect(decidedTypes(story)).toEqual([
      'RolloutOpened',
      'VerdictReached',
      'DeadlineElapsed',
      'RolloutConcluded',
    ]);
    expect(story.lines.some((line) => /^Rewind .*web:2.*notEnforced/.test(line))).toBe(true);
    expect(runsOf(story)).toBe('web:2');
    expect(effectiveWrites(story)).toEqual([]);
  });
});

describe('a good deployment', () => {
  it('survives its bake and is stable', async () => {
    const story = await played('healthy');
    expect(decidedTypes(story)).toEqual([
      'RolloutOpened',
      'BakeElapsed',
      'VerdictReached',
      'RolloutConcluded',
    ]);
    expect(story.lines.at(-1)).toMatch(/^Rewind +web:2 is stable now$/);
    expect(runsOf(story)).toBe('web:2');
    expect(effectiveWrites(story)).toEqual([]);
  });
});

/** Of the service, asked of ECS. */
function runsOf({ serviceNow }: StoryResult): string {
  return shortTaskDefinition(serviceNow.service.taskDefinition as TaskDefinitionArn);
}

/** What Rewind changed in ECS, as ECS counts it. */
function effectiveWrites({ writes }: StoryResult): string[] {
  return writes.filter(({ hadEffect }) => hadEffect).map(({ operation }) => operation);
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
