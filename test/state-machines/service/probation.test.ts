import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import { rolloutsOf } from '../judging';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import { alarm, completed, deploymentId, revision, running, second, started, stopped } from '../story';
import { crashesAfter, passesSecond } from './probation-story';

const policy = { failureRule: 'evidence', alarms: ['errors'] } as const;

/** Three tasks of a deployment crash as soon as they run. */
function failing(deployment: number, from: number): ObservedEvent[] {
  return ['x1', 'x2', 'x3'].flatMap((task, index) => [
    running(task, from + 20 + index, { deployment }),
    stopped(task, from + 40 + index, { deployment, ranFrom: from + 20 }),
  ]);
}

const crashesInProbation = [...passesSecond, ...crashesAfter(2000)];

describe('a rollout that has passed', () => {
  it('is taken back by the evidence of its probation, and the verdict names the pass', () => {
    const [first, rollout] = rolloutsOf(crashesInProbation, { policy });
    expect(rollout).toMatchObject({
      phase: 'rollingBack',
      outcome: null,
      endedAt: null,
      probationUntil: null,
      verdict: {
        result: 'failed',
        reason: 'TaskFailures',
        message: expect.stringMatching(/likelier if the release is bad \(1\d min after it had passed\)$/),
        revokes: { at: second(1360) },
      },
      rollback: { by: 'rewind', target: revision(1) },
    });
    expect(rollout?.transitions.map(({ to, reason }) => [to, reason])).toEqual([
      ['baking', 'Completed'],
      ['done', 'BakePassed'],
      ['rollingBack', 'TaskFailures'],
    ]);
    expect(first).toMatchObject({ outcome: 'succeeded', probationUntil: null });
  });

  it('is taken back by an alarm, even where failed tasks are counted in percent', () => {
    const raised = [...passesSecond, alarm('errors', 2000, ['OK', 'ALARM'])];
    const watched = { ...policy, failureRule: 'percent' as const, probationSeconds: 3600 };
    for (const [, rollout] of [rolloutsOf(raised, { policy }), rolloutsOf(raised, { policy: watched })]) {
      expect(rollout?.verdict).toMatchObject({ reason: 'AlarmRaised', revokes: { at: second(1360) } });
    }
  });

  it.each([
    ['after its probation', { policy: { ...policy, probationSeconds: 900 } }],
    [
      'by percent, whatever the window',
      { policy: { failureRule: 'percent', probationSeconds: 3600 } as const },
    ],
    ['by percent, without a window of its own', { policy: { failureRule: 'percent' } as const }],
  ])('keeps its pass %s', (_when, options) => {
    const [, rollout] = rolloutsOf(crashesInProbation, options);
    expect(rollout).toMatchObject({ phase: 'done', outcome: 'succeeded', verdict: { result: 'passed' } });
  });

  it('keeps its pass where a newer deployment had started', () => {
    const newer = [...passesSecond, started(3, 1990), ...crashesAfter(2000)];
    expect(rolloutsOf(newer, { policy })[1]).toMatchObject({ outcome: 'succeeded', probationUntil: null });
  });

  it('says until when its pass may be revoked', () => {
    const rollouts = rolloutsOf(passesSecond, { policy, until: 2000 });
    expect(rollouts[1]?.probationUntil).toBe(second(1060 + 3600));
  });

  it('is no way back any more once its pass is revoked', () => {
    const [crashingAgain, third] = [crashesInProbation, passesSecond].map((before) =>
      rolloutsOf([...before, started(3, 4000), ...failing(3, 4000)], { policy }).at(-1),
    );
    expect(crashingAgain?.rollback?.target).toBe(revision(1));
    expect(third?.rollback?.target).toBe(revision(2));
  });
});

describe('a rollout of which Rewind, being stopped, records nothing behind its opening', () => {
  const observed = observedService({
    deployments: [
      observedDeployment(2, { rolloutState: 'IN_PROGRESS', runningCount: 0, createdAt: second(1000) }),
    ],
    active: [revision(1), revision(2)],
  });

  it('keeps its pass, though an alarm in doubt lasts: nobody was told of the pass that it would revoke', () => {
    const raised = alarm('errors', 990, ['OK', 'ALARM']);
    const watched = { ...defaultPolicy, ...policy };
    const opened = withDecisions([...passesSecond.filter(isAtStart), raised], {
      now: second(1001),
      observed,
      policy: watched,
    });
    expect(opened.map(({ type }) => type)).toContain('RolloutOpened');
    const later = [alarm('errors', 1100, ['ALARM', 'OK']), alarm('errors', 2000, ['OK', 'ALARM'])];
    const rollouts = replay([...opened, ...passesSecond, ...later], { policy: watched, until: second(9000) });
    expect(rollouts.at(-1)).toMatchObject({ deployment: deploymentId(2), verdict: { result: 'passed' } });
  });
});

function isAtStart({ occurredAt }: ObservedEvent): boolean {
  return occurredAt <= second(1000);
}

describe('a service that is deployed every ten minutes', () => {
  /** Each deployment completes after a minute and runs until the next one replaces it. */
  const deployments = Array.from({ length: 6 }, (_, index) => {
    const [number, from] = [index + 1, 600 * index];
    return [
      started(number, from),
      running(`${number}-1`, from + 20, { deployment: number }),
      running(`${number}-2`, from + 21, { deployment: number }),
      completed(number, from + 60),
    ];
  }).flat();

  it('has proven revisions, each by its own bake', () => {
    const rollouts = rolloutsOf(deployments, { policy, until: 3600 });
    expect(rollouts.map(({ outcome }) => outcome)).toEqual(Array(6).fill('succeeded'));
    const bad = [...deployments, started(7, 3600), ...failing(7, 3600)];
    expect(rolloutsOf(bad, { policy }).at(-1)?.rollback?.target).toBe(revision(6));
  });
});
