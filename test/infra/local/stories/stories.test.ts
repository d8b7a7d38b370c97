import { describe, expect, it } from 'vitest';
import type { StoryResult } from '../../../../infra/local/stories/story-result';
import { isDecided } from '../../../../state-machines/log/events';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../../state-machines/log/identifiers';
import { played } from './played-story';

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

  it('is taken back when an alarm comes in its bake', async () => {
    const story = await played('alarm');
    expect(decidedTypes(story)).toEqual(takenBack);
    expect(story.rollout?.verdict).toMatchObject({ result: 'failed', reason: 'AlarmRaised' });
    expect(effectiveWrites(story)).toEqual(['UpdateService']);
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

describe('a release that only a person can know to be bad', () => {
  it('is taken back by the operator with a reason, watched by Rewind, and not taken back again', async () => {
    const { recorded, ...story } = await played('operator-rollback');
    const acts = recorded.flatMap(({ event }) => (event.type === 'OperatorActed' ? [event] : []));
    expect(acts).toEqual([expect.objectContaining({ action: 'rollback', reason: 'orders come twice' })]);
    expect(acts[0]?.by).toMatch(/user\/operator$/);
    expect(story.rollout?.rollbackOf).not.toBeNull();
    expect(runsOf({ ...story, recorded })).toBe('web:1');
    expect(effectiveWrites({ ...story, recorded })).toEqual([]);
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
