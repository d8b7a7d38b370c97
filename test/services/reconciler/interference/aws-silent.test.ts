import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { Reconcile } from '../../../../services/reconciler/reconcile';
import { sweep } from '../../../../services/reconciler/sweep';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import { crashing, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
let stable: string;
/** What every question to ECS throws; null while ECS answers. */
let error: Error | null;

beforeEach(async () => {
  error = null;
  rewind = await RewindAtWork.start(memoryEventLog());
  stable = await rewind.withStable();
});
afterEach(() => rewind.stop());

function silentEcs(): Ecs {
  const ecs = awsEcs(rewind.rewindsClient());
  const unless = <Result>(ask: () => Promise<Result>) => (error === null ? ask() : Promise.reject(error));
  return {
    observe: (...asked) => unless(() => ecs.observe(...asked)),
    facts: (...asked) => unless(() => ecs.facts(...asked)),
    primaryOf: (...asked) => unless(() => ecs.primaryOf(...asked)),
    parametersLeftBehind: (...asked) => unless(() => ecs.parametersLeftBehind(...asked)),
    copyOf: (...asked) => unless(() => ecs.copyOf(...asked)),
    stopServiceDeployment: (...asked) => unless(() => ecs.stopServiceDeployment(...asked)),
    answerHook: (...asked) => unless(() => ecs.answerHook(...asked)),
    updateService: (...asked) => unless(() => ecs.updateService(...asked)),
  };
}

const timeout = Object.assign(new Error('getaddrinfo ENOTFOUND'), { name: 'TimeoutError' });

/** Deploys a revision that crashes, while every question fails; minutes pass, with a sweep each. */
async function failUnanswered(thrown: Error, minutes: number, policy = ''): Promise<Reconcile> {
  error = thrown;
  rewind.isAwake = false;
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  await rewind.pass(90);
  const policies = parsePolicyFile(policy, 'policy');
  const reconcile = rewind.reconcilerWith({ ecs: silentEcs(), policies });
  await reconcile({ service, changedFrom: '0' as never });
  const onFailure = (_service: unknown, failure: Error) => {
    throw failure;
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    rewind.ecs.clock.advanceBy(60);
    await sweep({ eventLog: rewind.log, reconcile, now: () => rewind.ecs.clock.now(), onFailure });
  }
  return reconcile;
}

describe('while ECS cannot be asked', () => {
  it('a failed rollout is judged from the log alone, and what is unknown is completed later', async () => {
    await failUnanswered(timeout, 2);
    const [, unseen] = await rewind.decisions('RolloutOpened');
    expect(unseen).toMatchObject({ isUnseen: true, stable, desiredCount: null });
    const [, verdict] = await rewind.decisions('VerdictReached');
    expect(verdict?.verdict).toMatchObject({ result: 'failed', reason: 'TaskFailures' });

    error = null;
    rewind.isAwake = true;
    await rewind.wake();
    await rewind.pass(600);
    const completed = (await rewind.decisions('RolloutOpened'))[2];
    expect(completed).toMatchObject({ startedAt: unseen?.startedAt, stable, desiredCount: 3 });
    expect(completed).not.toHaveProperty('isUnseen');
    expect(await rewind.decisions('VerdictReached')).toHaveLength(3);
    expect(await rewind.runs()).toBe(stable);
    const outcomes = (await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['succeeded', 'rolledBack', 'succeeded']);
  });

  it('an audit holds what is told of it to the policy of then, which the opening tells later (I9)', async () => {
    const patient = 'defaults: { failureRule: percent, minimumFailures: 100 }';
    const reconcile = await failUnanswered(timeout, 70, patient);
    error = null;
    await reconcile({ service, changedFrom: '0' as never });
    expect(await rewind.decisions('SightLost')).toHaveLength(1);
    expect(await rewind.decisions('RolloutOpened')).toHaveLength(2);
    const differing = [...verifyDecisions(await rewind.recorded())].filter(
      ({ verification }) => verification.result !== 'confirmed',
    );
    expect(differing).toEqual([]);
  });

  it('every decision comes out the same when it is made again, and a replay agrees (I2, I9)', async () => {
    await failUnanswered(timeout, 70);
    error = null;
    rewind.isAwake = true;
    await rewind.wake();
    await rewind.pass(600);
    const recorded = await rewind.recorded();
    const verified = [...verifyDecisions(recorded)];
    expect(verified.filter(({ verification }) => verification.result !== 'confirmed')).toEqual([]);
    const until = rewind.ecs.clock.now();
    const replayed = replay(
      recorded.map(({ event }) => event),
      { policy: defaultPolicy, until },
    );
    expect(replayed.map(({ outcome }) => outcome)).toEqual(['succeeded', 'rolledBack', 'succeeded']);
  });

  it('people are told once after an hour, and every report says since when (I6)', async () => {
    await failUnanswered(timeout, 59);
    expect(await rewind.decisions('SightLost')).toEqual([]);
    await failUnanswered(timeout, 60);
    const lost = await rewind.decisions('SightLost');
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ because: 'ECS could not be asked: TimeoutError: getaddrinfo ENOTFOUND' });
    expect(Date.parse(`${rewind.reports.at(-1)?.unansweredSince}`)).toBe(lost[0]?.since);
  });

  it('a fault of Rewind’s own is told as one, and no outage', async () => {
    await failUnanswered(new TypeError('undefined is not a function'), 1);
    expect(rewind.reports.at(-1)).toMatchObject({
      isFaulty: true,
      because: 'Rewind itself failed to ask ECS: TypeError: undefined is not a function',
    });
    expect(await rewind.decisions('VerdictReached')).toHaveLength(2);
  });
});
