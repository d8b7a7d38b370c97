import { describe, expect, it } from 'vitest';
import { announce } from '../../../services/announcer/announcement';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { revision, second, stopped } from '../../state-machines/story';
import { announced, crashLoop, makeDecision, makeVerdict, rolloutIn } from './decisions';

const failed = rolloutIn(crashLoop);

describe('every announcement', () => {
  it('is the same however often it is made, under the same id', () => {
    expect(announce(makeVerdict(failed))).toEqual(announce(makeVerdict(failed)));
  });

  it('has an id of its own for each service, also where one alarm decides on several', () => {
    const decision = makeVerdict(failed);
    const service = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/api' as ServiceArn;
    const other = { ...decision, event: { ...decision.event, service } };
    expect(announced(other).detail.id).not.toBe(announced(decision).detail.id);
  });

  it('has a subject that an e-mail can carry, and a message without control characters, whatever ECS says', () => {
    const reason = `a line\n\u0007\u009b31m\u202e\u200b\u2028 ${'x'.repeat(3000)}`;
    const because = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: `CannotStartContainerError: ${reason}`,
      containers: [],
    };
    const rollout = rolloutIn([
      ...crashLoop.slice(0, 5),
      stopped('b1', 1025, { deployment: 2, because }),
      stopped('b2', 1045, { deployment: 2, because }),
    ]);
    const decision = makeVerdict({
      ...rollout,
      taskDefinition: revision(2).replace('web', 'w'.repeat(255)) as never,
    });
    const { detail } = announced(decision);
    expect(detail.subject).toMatch(/^[ -~]{1,99}$/);
    expect(detail.message.length).toBeLessThan(2500);
    expect(detail.message.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(2);
    expect(detail.message).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('leads to the console of the service’s partition', () => {
    const decision = makeVerdict(failed);
    const service = 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/prod/web' as ServiceArn;
    expect(announced({ ...decision, event: { ...decision.event, service } }).detail.console).toBe(
      'https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/prod/services/web/deployments?region=us-gov-west-1',
    );
  });

  it('says no more than the decision where the log no longer tells of its rollout', () => {
    const { detail } = announced({ ...makeVerdict(failed), rollout: null });
    expect(detail).toMatchObject({ evidence: null, rollout: { taskDefinition: null, mode: null } });
    expect(detail.subject).toBe('Rewind: prod/web: ecs-svc/2 failed');
  });
});

describe('what is no news for others', () => {
  it('is not told', () => {
    const leaseUntil = second(1100) as Instant;
    const request = { attempt: 1, owner: 'one', requestedAt: second(1046), leaseUntil, target: revision(1) };
    expect(
      announce(makeDecision<'RollbackRequested'>(failed, { type: 'RollbackRequested', ...request })),
    ).toBe(null);
    expect(announce(makeDecision<'BakeElapsed'>(failed, { type: 'BakeElapsed' }))).toBe(null);
  });
});
