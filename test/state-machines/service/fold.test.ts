import { describe, expect, it } from 'vitest';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { type Position, positionOf } from '../../../state-machines/log/position';
import {
  contradicts,
  emptyFold,
  type Fold,
  foldOn,
  foldSettling,
  inOrder,
  startingPoint,
} from '../../../state-machines/service/fold';
import { observedService } from '../observed-service';
import { withDecisions } from '../situations';
import {
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
  stopped,
} from '../story';
import { crashesAfter, passesSecond } from './probation-story';

/** Without a probation: the fold of one that has passed is at rest. */
const policy: Policy = { ...defaultPolicy, failureRule: 'percent' };

function shows(number: number, createdAt: number): ObservedService {
  const id = deploymentId(number);
  const taskDefinition = revision(number);
  const primary = {
    id,
    taskDefinition,
    rolloutState: 'COMPLETED',
    runningCount: 2,
    createdAt: second(createdAt),
  };
  return observedService({ deployments: [primary], active: [taskDefinition] });
}

/** A rollout that is concluded 400 s after its start. */
function good(number: number, at: number, before: readonly RewindEvent[]): RewindEvent[] {
  const story = [
    started(number, at),
    running(`t${number}`, at + 10, { deployment: number }),
    completed(number, at + 60),
  ];
  return withDecisions([...before, ...story], { now: second(at + 400), observed: shows(number, at), policy });
}

const one = good(1, 0, []);
const two = good(2, 8000, one);
const all = good(4, 20_000, good(3, 9000, two));
const whole = folded(all);

function folded(events: readonly RewindEvent[], from = emptyFold(service)): Fold {
  return foldOn(from, inOrder(events), policy);
}

/** The last position of the events. */
function endOf(events: readonly RewindEvent[]): Position | undefined {
  return inOrder(events).map(positionOf).at(-1);
}

describe('the quiet points of a fold', () => {
  it('are the last two ends of rollouts that lie an hour apart', () => {
    expect(whole.quietPoints.map(({ position }) => position)).toEqual([endOf(two), endOf(all)]);
    expect(whole.state.rollouts).toEqual([]);
    expect(folded(two).quietPoints.map(({ position }) => position)).toEqual([endOf(one), endOf(two)]);
  });

  it('are an hour apart to the millisecond', () => {
    const end = inOrder(one).at(-1)?.occurredAt ?? second(0);
    const behindIt = (milliseconds: number): ObservedEvent => {
      const event = running('a9', 0, { deployment: 1 });
      return { ...event, occurredAt: (end + milliseconds) as typeof end };
    };
    expect(folded([...one, behindIt(3_599_999)]).quietPoints).toHaveLength(1);
    expect(folded([...one, behindIt(3_600_000)]).quietPoints).toHaveLength(2);
  });

  it('are none while a rollout is live', () => {
    expect(folded(provenFirst).quietPoints).toEqual([]);
    expect(folded([...two, started(9, 30_000)]).quietPoints).toEqual(folded(two).quietPoints);
  });
});

describe('where to fold on from', () => {
  it('is the fold itself when nothing changed before its end', () => {
    expect(startingPoint(whole, null)).toBe(whole);
    expect(startingPoint(whole, positionOf(started(9, 30_000)))).toBe(whole);
    const empty = emptyFold(service);
    expect(startingPoint(empty, positionOf(started(9, 30_000)))).toBe(empty);
  });

  it('is the last quiet point before the change, else the start', () => {
    const [first, second_] = whole.quietPoints;
    const from = (position: Position) => startingPoint(whole, position);
    expect(from(positionOf(started(9, 10_000)))).toEqual({ ...first, quietPoints: [first] });
    expect(from(second_?.position ?? positionOf(started(9, 0)))).toEqual({ ...first, quietPoints: [first] });
    expect(from(first?.position ?? positionOf(started(9, 0)))).toEqual(emptyFold(service));
    expect(from(positionOf(started(9, 100)))).toEqual(emptyFold(service));
  });

  it('gives the same fold from there', () => {
    const late = running('t3b', 9020, { deployment: 3 });
    const from = startingPoint(whole, positionOf(late));
    const behind = [...all, late].filter((event) => positionOf(event) > (from.position ?? ''));
    expect(folded(behind, from).state).toEqual(folded([...all, late]).state);
  });
});

describe('a long fold', () => {
  const reports = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => running(`r${index}`, from + index, { deployment: 2 }));
  const long = [started(2, 500), ...reports(259, 501)];

  it('keeps its last fifteen seconds apart, and comes to the same', () => {
    const { fold, settled, recent } = foldSettling(emptyFold(service), long, policy);
    expect(recent).toEqual(long.slice(-15));
    expect(settled.position).toBe(endOf(long.slice(0, -15)));
    expect(fold).toEqual(folded(long));
    expect(folded(recent, settled)).toEqual(fold);
  });

  it('is one of more than 250 events behind its last quiet point', () => {
    const lengthOf = (count: number, from: Fold, at: number) =>
      foldSettling(from, reports(count, at), policy).recent.length;
    expect(lengthOf(250, emptyFold(service), 0)).toBe(0);
    expect(lengthOf(251, emptyFold(service), 0)).toBe(15);
    const quiet = folded(one);
    expect(lengthOf(250, quiet, 500)).toBe(0);
    expect(lengthOf(251, quiet, 500)).toBe(15);
    const begun = folded([started(2, 0), ...reports(99, 1)]);
    expect(lengthOf(150, begun, 100)).toBe(0);
    expect(lengthOf(151, begun, 100)).toBe(15);
    expect(foldSettling(quiet, [], policy)).toEqual({ fold: quiet, settled: quiet, recent: [] });
  });

  it('settles nothing where all of it is recent', () => {
    const burst = Array.from({ length: 260 }, (_, index) => running(`q${index}`, 700, { deployment: 2 }));
    const { settled, recent } = foldSettling(emptyFold(service), burst, policy);
    expect(settled).toEqual(emptyFold(service));
    expect(recent).toHaveLength(260);
  });
});

describe('a fold', () => {
  const opened = (events: readonly RewindEvent[]) => events.find(({ type }) => type === 'RolloutOpened');
  const live = folded([started(1, 0), started(2, 500)]);
  const opening = opened(good(2, 500, [started(1, 0)])) as Extract<RewindEvent, { type: 'RolloutOpened' }>;

  it('is contradicted by an opening that has another start', () => {
    expect(contradicts([], live)).toBe(false);
    expect(contradicts([opening], live)).toBe(false);
    const other = { ...opening, startedAt: second(499) };
    expect(contradicts([other], live)).toBe(true);
    expect(contradicts([opening, other], live)).toBe(true);
    expect(contradicts([{ ...other, deployment: deploymentId(7) }], live)).toBe(false);
    expect(contradicts([other], folded([started(1, 0), started(2, 500), opening]))).toBe(false);
  });

  it('is contradicted by a verdict that something else tipped', () => {
    const failing = [
      started(2, 500),
      running('b1', 510, { deployment: 2 }),
      running('b2', 511, { deployment: 2 }),
      stopped('b1', 530, { deployment: 2 }),
      stopped('b2', 531, { deployment: 2 }),
    ];
    const judged = withDecisions([...one, ...failing], { now: second(540), observed: shows(2, 500) });
    const verdict = judged.findLast(({ type }) => type === 'VerdictReached') as Extract<
      RewindEvent,
      { type: 'VerdictReached' }
    >;
    const told = folded([...one, ...failing]);
    const other = { ...verdict, verdict: { ...verdict.verdict, eventId: verdict.id } };
    expect(contradicts([verdict], told)).toBe(false);
    expect(contradicts([other], told)).toBe(true);
    expect(contradicts([verdict, other], told)).toBe(true);
    expect(contradicts([{ ...other, startedAt: second(499) }], told)).toBe(false);
    expect(contradicts([other], folded([...one, started(2, 500)]))).toBe(false);
    expect(contradicts(failing, told)).toBe(false);
  });

  it('holds an event once that it is told twice, in the order of positions', () => {
    const [first, last] = [started(1, 0), started(2, 500)];
    expect(inOrder([last, first, last, first])).toEqual([first, last]);
    expect(inOrder([first, { ...first, isRollback: true }])).toEqual([first]);
  });

  it('remembers eight rollouts that have ended and are not concluded', () => {
    const ended = Array.from({ length: 12 }, (_, index) => started(index + 1, 100 * index));
    expect(folded(ended).state.rollouts.map(({ context }) => context.deployment)).toEqual(
      [4, 5, 6, 7, 8, 9, 10, 11, 12].map(deploymentId),
    );
  });
});

describe('a fold of what is recorded', () => {
  const policy = { ...defaultPolicy, failureRule: 'evidence', provenBy: 'completion' } as const;
  const replaced = [
    ...provenFirst,
    started(2, 200),
    running('b1', 220, { deployment: 2 }),
    stopped('a1', 230, { deployment: 1 }),
  ];

  it('begins a rollout alike, whether the end that it brought to another is recorded or not', () => {
    const recorded = withDecisions(replaced, { now: second(250), observed: shows(2, 200), policy });
    expect(recorded.map(({ type }) => type)).toContain('RolloutConcluded');
    const [told, alone] = [recorded, replaced].map((events) =>
      foldOn(emptyFold(service), inOrder(events), policy).state.rollouts.at(-1),
    );
    const learntIn = (live: typeof told) => [live?.context.past, live?.context.oldTasks];
    expect(learntIn(told)).toEqual(learntIn(alone));
  });

  it('goes on alike from a pass, when a newer deployment and the revocation are told at once', () => {
    const shown = { observed: shows(2, 1000), policy: { ...policy, provenBy: 'bake' as const } };
    const passed = withDecisions(passesSecond, { now: second(1500), ...shown });
    const kept = foldOn(emptyFold(service), inOrder(passed), shown.policy);
    const revoked = withDecisions([...passed, ...crashesAfter(2000)], { now: second(2400), ...shown });
    const [revocation] = revoked.filter(({ type }) => type === 'PassRevoked');
    if (revocation === undefined) throw new Error('nothing was revoked');
    const news = inOrder([...crashesAfter(2000), revocation, started(3, 1990)]);
    const whole = foldOn(emptyFold(service), inOrder([...passed, ...news]), shown.policy);
    expect(foldOn(kept, news, shown.policy).state).toEqual(whole.state);
  });
});
