import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { causeKindOf, classify, isFailure } from '../../../state-machines/log/stopped-task';
import { type FoldStep, replay } from '../../../state-machines/replay/replay';
import type { LiveRollout } from '../../../state-machines/rollout/live-rollout';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { safeTargetsOf } from '../../../state-machines/service/way-back/safe-targets';
import { tried } from '../../fixtures/histories/tried';
import { arbitraryStory } from '../arbitrary-story';
import { likelyStory } from '../likely-story';
import { completed, revision, running, second, started, stopped } from '../story';

const policy = { ...defaultPolicy, alarms: ['errors'] };
const options = { policy, until: second(20_000) };

/** The last judgement of each task definition, as the rollouts are judged one after the other. */
class LastJudgements {
  readonly #known = new Set<string>();
  readonly #last = new Map<TaskDefinitionArn, 'passed' | 'failed'>();

  follow({ after }: FoldStep): void {
    for (const live of after.rollouts) this.#judge(live);
  }

  get passed(): TaskDefinitionArn[] {
    return [...this.#last].filter(([, result]) => result === 'passed').map(([of]) => of);
  }

  #judge({
    phase,
    context: { deployment, startedAt, taskDefinition, verdict, isProven },
  }: LiveRollout): void {
    const result = verdict?.result === 'failed' ? 'failed' : phase === 'done' && isProven ? 'passed' : null;
    // A pass may be revoked.
    const key = `${deployment} ${startedAt} ${result}`;
    if (result === null || taskDefinition === null || this.#known.has(key)) return;
    this.#known.add(key);
    this.#last.set(taskDefinition, result);
  }
}

const anyStory = fc.oneof({ weight: 3, arbitrary: likelyStory }, { weight: 1, arbitrary: arbitraryStory });
const withoutDeletion = anyStory.map((story) => story.filter(({ type }) => type !== 'ServiceDeleted'));

describe('over any history', () => {
  // R101 of the operator's page.
  it('a revision that passed last is a target for every rollout of another (I4)', () => {
    fc.assert(
      fc.property(withoutDeletion, (story) => {
        const judgements = new LastJudgements();
        const follow = (folded: FoldStep) => {
          judgements.follow(folded);
          const { rollouts, memory } = folded.after;
          for (const live of rollouts.filter(({ phase }) => phase !== 'done')) {
            const targets = safeTargetsOf(memory, live).map(({ taskDefinition }) => taskDefinition);
            const others = judgements.passed.filter((passed) => passed !== live.context.taskDefinition);
            const ownDeployment = memory.proven.filter(
              ({ deployment }) => deployment === live.context.deployment,
            );
            const own = ownDeployment.map(({ taskDefinition }) => taskDefinition);
            expect(targets).toEqual(expect.arrayContaining(others.filter((other) => !own.includes(other))));
          }
        };
        replay(story, { ...options, follow });
      }),
      { numRuns: tried(1000) },
    );
  });

  it('tasks and time fail no rollout without failed tasks, or a hung one, of its own', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        for (const rollout of replay(story, options)) {
          const { verdict } = rollout;
          if (verdict?.result !== 'failed') continue;
          expect(verdict.reason).not.toBe('DeadlineElapsed');
          const own = tasksOf(rollout, story);
          if (verdict.reason === 'Stalled') expect(own.some(hasNotGotUp)).toBe(true);
          if (verdict.reason !== 'TaskFailures') continue;
          const failures = own.filter(hasFailed);
          expect(new Set(failures.map(({ task }) => task)).size).toBeGreaterThanOrEqual(leastOf(failures));
        }
      }),
      { numRuns: tried(1000) },
    );
  });
});

type TaskChanged = Extract<ObservedEvent, { type: 'TaskChanged' }>;

function tasksOf({ deployment, verdict }: Rollout, story: readonly ObservedEvent[]): TaskChanged[] {
  return story.filter(
    (event): event is TaskChanged =>
      event.type === 'TaskChanged' &&
      event.deployment === deployment &&
      event.occurredAt <= (verdict?.at ?? Infinity),
  );
}

function hasNotGotUp(change: TaskChanged): boolean {
  return change.lastStatus === 'PENDING' || hasFailed(change);
}

function hasFailed({ stopped }: TaskChanged): boolean {
  return stopped !== null && isFailure(classify(stopped));
}

/** One that no further try can mend is enough. */
function leastOf(failures: readonly TaskChanged[]): number {
  return failures.some(isCertain) ? 1 : policy.minimumFailures;
}

function isCertain({ stopped }: TaskChanged): boolean {
  return stopped !== null && causeKindOf(stopped, classify(stopped)) === 'certain';
}

/** `standing` tasks of web:1 run on while web:2 fails; on the way back some of them crash. */
function rollbackStory({ standing, crashes }: { standing: number; crashes: number }): ObservedEvent[] {
  const names = Array.from({ length: standing }, (_, index) => `a${index}`);
  return [
    started(1, 0),
    ...names.map((name, index) => running(name, 10 + index, { deployment: 1 })),
    completed(1, 100),
    started(2, 1000),
    ...['b1', 'b2'].flatMap((name) => [
      running(name, 1010, { deployment: 2 }),
      stopped(name, 1020, { deployment: 2 }),
    ]),
    started(1, 1100, true),
    ...names.slice(0, crashes).map((name, index) => stopped(name, 1110 + index, { deployment: 1 })),
    completed(1, 1300),
  ];
}

describe('a rollback', () => {
  it('condemns what it went back to only by counts that include the tasks that stood there', () => {
    const counts = fc
      .integer({ min: 1, max: 60 })
      .chain((standing) =>
        fc.record({ standing: fc.constant(standing), crashes: fc.integer({ min: 0, max: standing }) }),
      );
    fc.assert(
      fc.property(counts, ({ standing, crashes }) => {
        const rollback = replay(rollbackStory({ standing, crashes }), options).find(
          ({ rollbackOf }) => rollbackOf !== null,
        );
        const isCondemned =
          crashes >= policy.minimumFailures && crashes * 100 > policy.failurePercent * standing;
        expect(rollback).toMatchObject({ taskDefinition: revision(1), evidence: { started: standing } });
        expect(rollback?.verdict?.reason === 'TaskFailures').toBe(isCondemned);
      }),
      { numRuns: tried(300) },
    );
  });
});
