import { describe, expect, it } from 'vitest';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { isLive } from '../../../state-machines/rollout/live-rollout';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import {
  completed,
  deploymentId,
  failed,
  pending,
  revision,
  running,
  second,
  service,
  started,
  stopped,
  updated,
} from '../story';

const day = 86_400;
const observed = observedService({
  desiredCount: 1,
  deployments: [1, 2].map((number) => observedDeployment(number, { runningCount: 1 })),
  active: [revision(1), revision(2)],
});

/** A deployment, a second one that fails, and the way back of ECS to the first, by its old id. */
const first: RewindEvent[] = [started(1, 0), running('a', 10, { deployment: 1 }), completed(1, 20)];
const between: RewindEvent[] = [started(2, 400), failed(2, 460)];
const back: RewindEvent[] = [started(1, 461, true), running('b', 470, { deployment: 1 }), completed(1, 480)];

const decideAll = (events: readonly RewindEvent[], at: number) =>
  withDecisions(events, { now: second(at), observed });

const stateOf = (events: readonly RewindEvent[]) =>
  foldOn(emptyFold(service), inOrder(events), defaultPolicy).state;

function concludedStarts(events: readonly RewindEvent[]): number[] {
  return events
    .flatMap((event) => (event.type === 'RolloutConcluded' ? [(event.startedAt - second(0)) / 1000] : []))
    .sort((a, b) => a - b);
}

function verdictStarts(events: readonly RewindEvent[]): number[] {
  return events.flatMap((event) =>
    event.type === 'VerdictReached' ? [(event.startedAt - second(0)) / 1000] : [],
  );
}

describe('a deployment that ECS goes back to, of which the first start is told days later', () => {
  const known = decideAll(back, 2 * day);

  it.each([
    ['with what came between', [...first, ...between]],
    ['without what came between', first],
    ['and nothing else', first.slice(0, 1)],
    ['but not its completion', first.slice(0, 2)],
  ])('%s, has two rollouts, and each comes to its end', (_, late) => {
    const events = decideAll([...known, ...late], 3 * day);
    const state = stateOf(events);
    expect(state.rollouts).toEqual([]);
    expect(concludedStarts(events).filter((start) => start !== 400)).toEqual([0, 461]);
    const before = known.filter((event) => event.type === 'VerdictReached');
    const after = events.filter(
      (event) => event.type === 'VerdictReached' && event.startedAt === second(461),
    );
    expect(after).toEqual(before);
  });

  it('comes to its end in whatever order the late ones are told, and so does what came between', () => {
    const late = [...first, ...between];
    for (const order of [late, [...late].reverse()]) {
      let events: readonly RewindEvent[] = known;
      for (const [index, event] of order.entries()) events = decideAll([event, ...events], 2 * day + index);
      expect(stateOf(events).rollouts).toEqual([]);
      expect(concludedStarts(events)).toHaveLength(3);
    }
  });
});

describe('a completion that the log took for a start, as nothing had been told before it', () => {
  const lateOn = (known: readonly RewindEvent[], late: readonly RewindEvent[]) =>
    decideAll([...decideAll(known, day + 60), ...late], 2 * day);

  it('is that of a second rollout where one is told a day before, and each comes to its end (I5)', () => {
    const events = lateOn([completed(1, day)], first);
    expect(stateOf(events).rollouts.filter(isLive)).toEqual([]);
    expect(concludedStarts(events)).toEqual([0, day]);
  });

  it('is that of one rollout where it is told minutes before as well, which comes to its end', () => {
    const known = decideAll([completed(1, 330)], 340);
    const events = decideAll([...known, ...first], day);
    expect(stateOf(events).rollouts.filter(isLive)).toEqual([]);
    expect(concludedStarts(events)).toEqual([330]);
  });
});

describe('a deployment whose first start, long completed, is told after its second', () => {
  it.each([day, 830])(
    'has two rollouts, and the verdict is that of the one whose tasks crashed (I2)',
    (again) => {
      const known = decideAll([started(1, again)], again + 5);
      const completedOnce = [started(1, 0), running('a', 10, { deployment: 1 }), completed(1, 20)];
      const crashes = ['a', 'b', 'c'].map((task) => stopped(task, 250, { deployment: 1 }));
      const judged = decideAll([...known, ...completedOnce, ...crashes], again + 10);
      const events = decideAll([...judged, started(2, again + 400)], 3 * day);
      expect(verdictStarts(events)).toEqual([0]);
      expect(concludedStarts(events)).toEqual([0, again]);
      expect(stateOf(events).rollouts.filter(isLive)).toMatchObject([
        { context: { deployment: deploymentId(2) } },
      ]);
    },
  );
});

describe('a start that was told after hours of a rollout without progress', () => {
  it('stands, and the rollout has its verdict behind it', () => {
    const known = decideAll([started(1, 7200)], 7260);
    const late = [pending('a', 60, { deployment: 1 }), failed(1, 30)];
    const events = decideAll([...known, ...late], day);
    expect(events.flatMap((event) => (event.type === 'VerdictReached' ? [event.verdict] : []))).toMatchObject(
      [{ result: 'failed', reason: 'Stalled' }],
    );
  });
});

describe('a way back that is told of hours before the verdict on record', () => {
  it('has its deadline behind the verdict, and ends by it (I5)', () => {
    const [current] = observed.deployments;
    const runsThird = {
      ...observed,
      deployments: current ? [{ ...current, taskDefinition: revision(3) }] : [],
    };
    const decide = (events: readonly RewindEvent[], at: number) =>
      withDecisions(events, { now: second(at), observed: runsThird });
    const known = decide([started(2, 20_000, true)], 20_000);
    const judged = decide(
      [...known, completed(1, 4), pending('a', 6, { deployment: 1, revision: 3 })],
      20_400,
    );
    const back = { ...updated(2, 277, 2), deployment: null } as RewindEvent;
    const ended = decide([...judged, back], day);
    const [first] = ended.filter(({ type }) => type === 'RolloutConcluded');
    expect(first).toMatchObject({ deployment: deploymentId(1), outcome: 'rollbackFailed' });
  });
});

describe('a deployment that is live', () => {
  it('and is told of twice, has one rollout', () => {
    const { rollouts } = stateOf([started(1, 0), started(1, 30), started(1, 3000)]);
    expect(rollouts.map(({ context }) => context.startedAt)).toEqual([second(0)]);
  });

  it('and whose start is told of twice, has one rollout where two have opened it, each by another fact', () => {
    const told = decideAll([started(2, 400)], 401);
    const again = told.map((event) => ({ ...event, id: event.id.replace('started', 'told') }) as RewindEvent);
    expect(again.map(({ type }) => type)).toEqual(['DeploymentStarted', 'RolloutOpened']);
    const { rollouts } = stateOf([...told, ...again]);
    expect(rollouts.map(({ phase, recorded }) => [phase, recorded.opened])).toEqual([['watching', true]]);
  });

  it('of a rollback, and is told of twice within minutes, has one rollout', () => {
    const { rollouts } = stateOf([started(1, 0, true), started(1, 300, true)]);
    expect(rollouts.map(({ context }) => context.startedAt)).toEqual([second(0)]);
  });

  it('and to which ECS goes back twice within minutes, from two others, has two rollouts that come to their ends, also where the first is told last (I5)', () => {
    const wayBack = (at: number) => [started(1, at, true), completed(1, at + 3)];
    const known = decideAll([started(3, 250), failed(3, 349), ...wayBack(350)], 400);
    const events = decideAll([...known, started(2, 0), failed(2, 99), ...wayBack(100)], day);
    expect(stateOf(events).rollouts).toEqual([]);
    expect(concludedStarts(events)).toEqual([0, 100, 250, 350]);
  });

  it('and to which ECS goes back, has ended, and starts again', () => {
    const { rollouts } = stateOf([...first, ...back]);
    expect(rollouts.map(({ context, phase }) => [context.startedAt, phase, context.outcome])).toEqual([
      [second(0), 'done', 'superseded'],
      [second(461), 'baking', null],
    ]);
  });
});
