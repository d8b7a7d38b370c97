import { describe, expect, it } from 'vitest';
import type { Rollback, Rollout } from '../../../state-machines/rollout/rollout';
import {
  completed,
  deploymentId,
  revision,
  running,
  second,
  started,
  stopped,
} from '../../state-machines/story';
import { announced, crashLoop, makeDecision, makeVerdict, rollbackDeployment, rolloutIn } from './decisions';

const failed = rolloutIn(crashLoop);
const issued: Rollback = {
  by: 'rewind',
  target: revision(1),
  serviceRevision: null,
  images: null,
  requestedAt: second(1046),
  issuedAt: second(1047),
  completedAt: null,
  deployment: rollbackDeployment,
};
const concluded = { type: 'RolloutConcluded', reason: 'RollbackSettled', eventId: failed.startedBy } as const;
const messageFor = (rollout: Rollout) => announced(makeVerdict(rollout)).detail.message;

describe('a failed verdict', () => {
  it('is told with what failed, the evidence, what is done, to which target, and where to look', () => {
    const { detail, isForPeople } = announced(makeVerdict(failed));
    expect(isForPeople).toBe(true);
    expect(detail.subject).toBe('Rewind: prod/web: web:2 failed');
    expect(
      detail.message,
    ).toBe(`prod/web: the rollout of web:2 failed: 2 of 2 starts failed; of the 2 before, none did: 86 times likelier if the release is bad.

Failed tasks, 2 of 2 started:
- b1: essential-container-exited, web exited with 1: Essential container in task exited; web exit 1
- b2: essential-container-exited, web exited with 1: Essential container in task exited; web exit 1

What is done: Rewind goes back to web:1.

Rollout: web:2, ecs-svc/2, started 2026-01-01 00:16:40 UTC
Service: https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/web/deployments?region=eu-west-1
What was known and done, and whether it holds: rewind audit prod/web ecs-svc/2`);
  });

  it('is told to tools in fields', () => {
    expect(announced(makeVerdict(failed))).toMatchObject({
      detailType: 'Rewind Verdict Reached',
      detail: {
        service: 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web',
        cluster: 'prod',
        serviceName: 'web',
        rollout: { deployment: 'ecs-svc/2', startedAt: '2026-01-01T00:16:40.000Z', mode: 'enforce' },
        evidence: {
          started: 2,
          failed: 2,
          byClass: { 'essential-container-exited': 2 },
          firstFailures: [
            { task: 'b1', class: 'essential-container-exited', container: 'web', exitCode: 1 },
            {},
          ],
        },
        verdict: { result: 'failed', reason: 'TaskFailures' },
        target: revision(1),
      },
    });
  });

  it('says that nothing is done in observe mode, and what would have been', () => {
    const { detail } = announced(makeVerdict(rolloutIn(crashLoop, { mode: 'observe' })));
    expect(detail.message).toContain(
      'What is done: nothing: in observe mode Rewind writes nothing to ECS. It would go back to web:1.',
    );
  });

  it('says who goes back already', () => {
    const rollout = { ...failed, rollback: { ...issued, by: 'ecs' as const } };
    expect(messageFor(rollout)).toContain('ECS itself already goes back to web:1.');
  });

  it('says that there is nothing to go back to', () => {
    const first = rolloutIn([
      started(1, 0),
      running('a1', 20, { deployment: 1 }),
      stopped('a1', 25, { deployment: 1 }),
      running('a2', 30, { deployment: 1 }),
      stopped('a2', 35, { deployment: 1 }),
    ]);
    expect(messageFor(first)).toContain('no task definition that has proven itself here');
  });

  it('on a rollback is told to tools: people hear of it as the end of what it takes back', () => {
    const announcement = announced(makeVerdict({ ...failed, rollbackOf: deploymentId(4) }));
    expect(announcement.isForPeople).toBe(false);
    expect(announcement.detail.message).toContain('a rollback is never rolled back itself');
  });
});

describe('another verdict', () => {
  it('that passed is told to tools alone', () => {
    const passed = rolloutIn([...crashLoop.slice(0, 4), completed(1, 9000)]);
    const { detail, isForPeople } = announced(makeVerdict(passed));
    expect(isForPeople).toBe(false);
    expect(detail.subject).toBe('Rewind: prod/web: web:1 passed');
  });

  it('that is inconclusive is told to people', () => {
    const verdict = {
      result: 'inconclusive',
      reason: 'BakePassed',
      message: 'alarm web-5xx had no data',
    } as const;
    const decision = makeVerdict({
      ...failed,
      verdict: { ...verdict, at: second(1045), eventId: failed.startedBy },
    });
    const { detail, isForPeople } = announced(decision);
    expect(isForPeople).toBe(true);
    expect(detail.message).toMatch(
      /^prod\/web: whether the rollout of web:2 is good cannot be told: alarm web-5xx had/,
    );
  });
});

describe('a rollback', () => {
  it('is told when it is issued', () => {
    const { detailType, detail, isForPeople } = announced(
      makeDecision<'RollbackIssued'>(failed, {
        type: 'RollbackIssued',
        attempt: 1,
        method: 'UpdateService',
        issuedAt: second(1047),
        target: revision(1),
        rollbackDeployment,
        requestId: 'request',
      }),
    );
    expect([detailType, detail.subject, isForPeople]).toEqual([
      'Rewind Rollback Issued',
      'Rewind: prod/web: goes back to web:1',
      true,
    ]);
    expect(detail.message).toContain(
      'Rewind has called UpdateService, which made ecs-svc/3, and watches the way back.',
    );
  });

  it.each([
    ['ecs', 'ECS itself takes the service back', 'Rewind writes nothing to ECS'],
    ['operator', 'a person or tool takes the service back', 'Rewind writes nothing to ECS'],
    ['rewind', 'Rewind takes the service back', 'the answer was lost'],
  ] as const)('by %s is told when it is adopted', (by, who, done) => {
    const { detail } = announced(
      makeDecision<'RollbackAdopted'>(failed, {
        type: 'RollbackAdopted',
        attempt: 0,
        by,
        adoptedAt: second(1047),
        target: revision(1),
        rollbackDeployment: null,
      }),
    );
    expect(detail.message).toContain(who);
    expect(detail.message).toContain(done);
  });

  it('that ECS refuses is announced, and that somebody has to look', () => {
    const { detailType, detail } = announced(
      rejected('AccessDeniedException', 'not authorized to perform: ecs:UpdateService'),
    );
    expect(detailType).toBe('Rewind Rollback Rejected');
    expect(detail.message).toContain(
      'could not be rolled back: AccessDeniedException: not authorized to perform: ecs:UpdateService.',
    );
    expect(detail.message).toContain('web:2 is still deployed, and somebody has to look at it');
  });

  it('for which the budget is spent freezes the service', () => {
    const { detailType, detail } = announced(rejected('BudgetSpent', '3 rollbacks in 24 hours, 3 allowed'));
    expect(detailType).toBe('Rewind Service Frozen');
    expect(detail.subject).toBe('Rewind: prod/web: frozen, web:2 stays');
    expect(detail.message).toContain('has had its rollbacks: 3 rollbacks in 24 hours, 3 allowed.');
  });

  it('is told when it has settled', () => {
    const conclusion = { ...concluded, outcome: 'rolledBack', message: 'failed' } as const;
    const { detailType, detail } = announced(
      makeDecision<'RolloutConcluded'>({ ...failed, rollback: issued }, conclusion),
    );
    expect([detailType, detail.subject]).toEqual([
      'Rewind Rollback Settled',
      'Rewind: prod/web: is back on web:1',
    ]);
  });

  it('is told when it failed, or did not settle in time', () => {
    const rollout = { ...failed, rollback: issued };
    const conclusion = { ...concluded, outcome: 'rollbackFailed', message: 'failed' } as const;
    const { detailType, detail } = announced(makeDecision<'RolloutConcluded'>(rollout, conclusion));
    expect(detailType).toBe('Rewind Rollback Settled');
    expect(detail.message).toContain('the way back from web:2 to web:1 failed as well.');
    const late = makeDecision<'RolloutConcluded'>(rollout, { ...conclusion, reason: 'DeadlineElapsed' });
    expect(announced(late).detail.message).toContain('did not settle in time.');
  });

  it('that was refused is not told again as failed', () => {
    const conclusion = { ...concluded, outcome: 'rollbackFailed', message: 'failed' } as const;
    const { detailType, isForPeople } = announced(makeDecision<'RolloutConcluded'>(failed, conclusion));
    expect([detailType, isForPeople]).toEqual(['Rewind Rollout Concluded', false]);
  });

  function rejected(reason: string, message: string) {
    const refusal = { attempt: 1, rejectedAt: second(1047), reason, message };
    return makeDecision<'RollbackRejected'>(failed, { type: 'RollbackRejected', ...refusal });
  }
});

describe('a conclusion', () => {
  it('without a safe target is announced, and that nothing was written', () => {
    const message = 'no task definition has proven itself here that could be gone back to';
    const { detailType, detail, isForPeople } = announced(
      makeDecision<'RolloutConcluded'>(failed, {
        ...concluded,
        outcome: 'noSafeTarget',
        reason: 'TaskFailures',
        message,
      }),
    );
    expect([detailType, isForPeople]).toEqual(['Rewind No Safe Target', true]);
    expect(detail.message).toContain('nothing was written to ECS: web:2 is still deployed');
  });

  it.each(['succeeded', 'superseded', 'notEnforced', 'abandoned'] as const)(
    'that it %s is told to tools alone',
    (outcome) => {
      const announcement = announced(
        makeDecision<'RolloutConcluded'>(failed, { ...concluded, outcome, message: 'so it is' }),
      );
      expect([announcement.detailType, announcement.isForPeople]).toEqual([
        'Rewind Rollout Concluded',
        false,
      ]);
    },
  );
});
