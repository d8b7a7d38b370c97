import fc from 'fast-check';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import {
  alarm,
  completed,
  failed,
  hookChanged,
  pending,
  running,
  scaledIn,
  started,
  stopCalled,
  stopped,
  unplaceable,
} from './story';

/** What becomes of a deployment. */
const fates = [
  'passes',
  'crashes',
  'givenUp',
  'crashesInBake',
  'crashesLater',
  'replaced',
  'hangs',
  'waits',
  'runsNothing',
] as const;

interface Part {
  readonly deployment: number;
  readonly revision: number;
  readonly fate: (typeof fates)[number];
  readonly tasks: number;
  readonly host: string;
}

const part: fc.Arbitrary<Part> = fc.record({
  deployment: fc.integer({ min: 1, max: 6 }),
  revision: fc.integer({ min: 1, max: 3 }),
  fate: fc.oneof(
    { weight: 3, arbitrary: fc.constant('passes' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...fates) },
  ),
  tasks: fc.integer({ min: 2, max: 5 }),
  host: fc.constantFrom('i-1', 'i-2'),
});

const secondsOfPart = { replaced: 120, hangs: 1600, other: 1000 } as const;

/**
 * Two to seven deployments of one service, one after the other, of revisions that come again: each
 * passes, fails in one of several ways, or is replaced. Others do something now and then.
 */
export const likelyStory: fc.Arbitrary<ObservedEvent[]> = fc
  .tuple(
    fc.array(part, { minLength: 2, maxLength: 7 }),
    fc.array(fc.integer({ min: 0, max: 7000 }), { maxLength: 3 }),
  )
  .map(([parts, moments]) => {
    let from = 0;
    const told = parts.flatMap((one, turn) => {
      const events = eventsOf(one, turn, from);
      from += one.fate === 'replaced' || one.fate === 'hangs' ? secondsOfPart[one.fate] : secondsOfPart.other;
      return events;
    });
    return [...told, ...moments.map(disturbance)];
  });

function disturbance(second: number): ObservedEvent {
  const all = [hookChanged('hook-1', second, true), hookChanged('hook-1', second, false), stopCalled(second)];
  return all[second % 4] ?? alarm('errors', second, ['OK', 'ALARM']);
}

function eventsOf(
  { deployment, revision, fate, tasks, host }: Part,
  turn: number,
  from: number,
): ObservedEvent[] {
  const names = Array.from({ length: tasks }, (_, index) => `t${turn}-${index}`);
  const told = { deployment, revision, host };
  const begins = started(deployment, from);
  const run = names.map((name) => running(name, from + 20, told));
  const crash = (at: number) => names.map((name) => stopped(name, from + at, told));
  const restarts = (name: string) =>
    [640, 700].flatMap((at) => [
      running(`${name}-${at}`, from + at, told),
      stopped(`${name}-${at}`, from + at + 20, told),
    ]);
  const ends = names.slice(1).map((name) => stopped(name, from + 990, { ...told, because: scaledIn }));
  const completes = completed(deployment, from + 60);
  switch (fate) {
    case 'passes':
      return [begins, ...run, completes, ...ends];
    case 'crashesLater':
      return [begins, ...run, completes, ...crash(620), ...names.flatMap(restarts)];
    case 'replaced':
      return [begins, ...run, completes];
    case 'crashes':
      return [begins, ...run, ...crash(30)];
    case 'givenUp':
      return [begins, ...run, failed(deployment, from + 90)];
    case 'crashesInBake':
      return [begins, ...run, completes, ...crash(200)];
    case 'hangs':
      return [begins, ...names.map((name) => pending(name, from + 10, told))];
    case 'waits':
      return [begins, ...names.map((name) => stopped(name, from + 30, { ...told, because: unplaceable }))];
    case 'runsNothing':
      return [begins, completes];
    default:
      return fate satisfies never;
  }
}
