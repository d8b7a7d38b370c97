import { describe, expect, it } from 'vitest';
import type { PassRevoked, RolloutOpened } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { positionBefore, positionOf } from '../../../state-machines/log/position';
import { replay } from '../../../state-machines/replay/replay';
import { contradicts, emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import {
  alarm,
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
  updated,
} from '../story';
import { crashesAfter, passesSecond } from './probation-story';

const policy: Policy = { ...defaultPolicy, failureRule: 'evidence', probationSeconds: 20_000 };
const observed = observedService({
  deployments: [observedDeployment(2, { createdAt: second(1000) })],
  active: [revision(1), revision(2)],
});

const decidedAt = (events: readonly RewindEvent[], at: number) =>
  withDecisions(events, { now: second(at), observed, policy });
const folded = (events: readonly RewindEvent[]) => foldOn(emptyFold(service), inOrder(events), policy);

const passed = decidedAt(passesSecond, 1500);
const revoked = decidedAt([...passed, ...crashesAfter(2000)], 2400);
const revocation = revoked.find((event): event is PassRevoked => event.type === 'PassRevoked') as PassRevoked;
const byAnother: PassRevoked = {
  ...revocation,
  verdict: { ...revocation.verdict, eventId: 'another' as EventId },
};

describe('a fold, and the recorded revocation of a pass', () => {
  it('agree while the pass holds, and where the fold came to the same revocation', () => {
    expect(contradicts([revocation], folded(passed))).toBe(false);
    expect(contradicts([byAnother], folded(passed))).toBe(false);
    expect(contradicts([revocation], folded(passesSecond))).toBe(false);
    expect(contradicts([revocation], folded([...passed, ...crashesAfter(2000)]))).toBe(false);
  });

  it('contradict each other where something else revoked the pass', () => {
    expect(contradicts([byAnother], folded([...passed, ...crashesAfter(2000)]))).toBe(true);
  });

  it('contradict each other where the rollout is forgotten, and not before its start', () => {
    const long = folded([...passed, running('b1', 30_000, { deployment: 2 })]);
    expect(long.state.rollouts).toEqual([]);
    expect(contradicts([revocation], long)).toBe(true);
    expect(contradicts([revocation], emptyFold(service))).toBe(false);
    const upTo = (seconds: number) => folded([running('x', seconds, { deployment: 7 })]);
    expect(contradicts([revocation], upTo(999))).toBe(false);
    expect(contradicts([revocation], upTo(1000))).toBe(true);
  });
});

describe('a revocation behind the end of a probation that a postponed verdict held open', () => {
  const watched: Policy = { ...policy, probationSeconds: 3600, alarms: ['errors'] };
  const standing = observedService({
    deployments: [observedDeployment(2, { rolloutState: 'IN_PROGRESS', runningCount: 1 })],
    active: [revision(1), revision(2)],
  });
  const alarms = [{ alarm: 'errors', state: 'OK', since: second(0) }];
  /** The log as it is when each has arrived, and was decided on. */
  const decidedInTurn = (arrivals: readonly RewindEvent[]) => {
    let log: RewindEvent[] = [];
    for (const event of arrivals) {
      const now = Math.max(...[...log, event].map(({ occurredAt }) => occurredAt + 1000)) as Instant;
      log = withDecisions([...log, event], { now, observed: standing, policy: watched, alarms });
    }
    return log;
  };
  const crashes = crashesAfter(1120).slice(0, -1);
  const late = crashes.filter(({ occurredAt }) => [1240, 1300].map(second).includes(occurredAt));
  const inTime = crashes.filter((event) => !late.includes(event));
  const raisedLast = alarm('errors', 4661, ['OK', 'ALARM']);
  const log = decidedInTurn([...passesSecond, ...inTime, ...late, raisedLast]);

  it('stands in a replay (I2)', () => {
    expect(log.map(({ type }) => type)).toContain('VerdictPostponed');
    const revocation = log.find(({ type }) => type === 'PassRevoked') as PassRevoked;
    const replayed = replay(log, { policy: watched, until: second(20_000) });
    expect(replayed.at(-1)?.verdict).toEqual(revocation.verdict);
  });
});

describe('the revocation of a pass of what turns out to have been a way back', () => {
  const watched: Policy = { ...policy, alarms: ['errors'] };
  const back = observedService({
    deployments: [observedDeployment(3, { taskDefinition: revision(1), createdAt: second(1000) })],
    active: [revision(1), revision(2)],
  });
  const alarms = [{ alarm: 'errors', state: 'OK', since: second(0) }];
  const decided = (events: readonly RewindEvent[], at: number) =>
    withDecisions(events, { now: second(at), observed: back, policy: watched, alarms });
  const isBack = [started(3, 1000), running('c1', 1030, { deployment: 3, revision: 1 }), completed(3, 1100)];
  const passed = decided([...provenFirst, ...isBack], 1500);
  const revoked = decided([...passed, alarm('errors', 2000, ['OK', 'ALARM'])], 2100);
  const toldLast = [started(2, 700), running('b1', 730, { deployment: 2 }), updated(3, 999, 1)];

  it('stands in a replay (I2)', () => {
    const revocation = revoked.find(({ type }) => type === 'PassRevoked') as PassRevoked;
    const replayed = replay([...revoked, ...toldLast], { policy: watched, until: second(3000) });
    const going = replayed.find(({ deployment }) => deployment === deploymentId(3));
    expect(going?.rollbackOf).toBe(deploymentId(2));
    expect(going?.verdict).toEqual(revocation.verdict);
  });
});

describe('the end of a bake that is recorded behind the conclusion as superseded', () => {
  const first = decidedAt(provenFirst, 500);
  const another = passesSecond.slice(provenFirst.length);
  const replaced = [...first, ...another, started(3, 1400)];
  const byOneWhoStoodStill = decidedAt([...first, ...another], 1390).find(
    ({ type, occurredAt }) => type === 'BakeElapsed' && occurredAt > second(1000),
  ) as RewindEvent;
  const proven = (events: readonly RewindEvent[]) =>
    folded(events).state.memory.proven.map(({ deployment }) => deployment);

  it('proves nothing: no verdict was given, and the next way back is the one of before (I4)', () => {
    const toFirst = { deployments: [observedDeployment(3, { createdAt: second(1400) })] };
    const concluded = withDecisions(replaced, {
      now: second(1401),
      observed: observedService({ ...toFirst, active: [revision(1), revision(2), revision(3)] }),
      policy,
    });
    expect(concluded).toContainEqual(
      expect.objectContaining({ type: 'RolloutConcluded', outcome: 'superseded' }),
    );
    expect(proven(concluded)).toEqual([deploymentId(1)]);
    expect(proven([...concluded, byOneWhoStoodStill])).toEqual([deploymentId(1)]);
    const conclusion = concluded.filter(({ type }) => type === 'RolloutConcluded').slice(-1);
    const passedHere = folded([...first, ...another, byOneWhoStoodStill]);
    expect(contradicts(conclusion, passedHere)).toBe(true);
  });
});

describe('the quiet point before a start that ends a probation', () => {
  const start = started(3, 9000);
  const before = { position: positionBefore(start) };

  it('is kept where nothing but probations was under way', () => {
    expect(folded(passed).state.rollouts).toHaveLength(1);
    expect(folded([...passed, start]).quietPoints).toMatchObject([before]);
    expect(folded([...passed, start]).quietPoints.at(-1)?.state.rollouts).toEqual([]);
  });

  it('is kept where the start was found by looking at ECS', () => {
    const opening = passed.find((event): event is RolloutOpened => event.type === 'RolloutOpened');
    const found = { ...opening, id: 'found' as EventId, deployment: deploymentId(3) } as RolloutOpened;
    const event = { ...found, occurredAt: second(9000), startedAt: second(9000) };
    expect(folded([...passed, event]).quietPoints).toMatchObject([{ position: positionBefore(event) }]);
  });

  it('is not kept where a rollout was under way, or nothing starts', () => {
    expect(folded([...passed, started(4, 8000), start]).quietPoints).toMatchObject([
      { position: positionBefore(started(4, 8000)) },
    ]);
    expect(folded([...passed, running('b3', 9000, { deployment: 2 })]).quietPoints).toEqual([]);
  });

  it('lies before the start', () => {
    const { quietPoints } = folded([...passed, start]);
    const [quiet] = quietPoints;
    expect(quiet !== undefined && quiet.position < positionOf(start)).toBe(true);
  });
});
