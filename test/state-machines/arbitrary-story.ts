import fc from 'fast-check';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import type { StoppedTask } from '../../state-machines/log/stopped-task';
import {
  alarm,
  completed,
  crash,
  deleted,
  failed,
  hookChanged,
  pending,
  running,
  scaledIn,
  second as secondOf,
  started,
  stopCalled,
  stopped,
  stopping,
  unplaceable,
  unpulled,
  updated,
} from './story';

const deployment = fc.integer({ min: 1, max: 4 });
const second = fc.integer({ min: 0, max: 9000 });
const revision = fc.integer({ min: 1, max: 3 });
const task = fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2');
const version = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null });
const host = fc.option(fc.constantFrom('i-1', 'i-2'), { nil: undefined });
const taskFacts = { deployment, revision, version, host };
const because: fc.Arbitrary<StoppedTask> = fc.constantFrom(
  crash,
  crash,
  unplaceable,
  unpulled('i/o timeout'),
  unpulled('manifest unknown'),
  scaledIn,
);
const alarmState = fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA');

/** A task without a host has no such key. */
function definedOnly<Facts extends { host?: string | undefined }>({ host: on, ...facts }: Facts) {
  return on === undefined ? facts : { ...facts, host: on };
}

/** Any event of the service: not a likely story, but every one that could be told. */
const arbitraryEvent: fc.Arbitrary<ObservedEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(deployment, second, fc.boolean()).map((of) => started(...of)) },
  { weight: 3, arbitrary: fc.tuple(deployment, second).map((of) => completed(...of)) },
  { weight: 1, arbitrary: fc.tuple(deployment, second).map((of) => failed(...of)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(task, second, fc.record(taskFacts).map(definedOnly))
      .chain((of) => fc.constantFrom(running(...of), pending(...of))),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(task, second, fc.record({ ...taskFacts, because }).map(definedOnly))
      .chain((of) => fc.constantFrom(stopped(...of), stopping(...of))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('errors', 'latency'), second, fc.tuple(alarmState, alarmState))
      .map((of) => alarm(...of)),
  },
  { weight: 1, arbitrary: fc.tuple(deployment, second, revision).map((of) => updated(...of)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('hook-1', 'hook-2'), second, fc.boolean())
      .map((of) => hookChanged(...of)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(second, fc.constantFrom('ROLLBACK', 'ABORT', null)).map((of) => stopCalled(...of)),
  },
  { weight: 1, arbitrary: second.filter((at) => at % 7 === 0).map(deleted) },
);

/** Up to forty events of one service; no two stand at the same position. */
export const arbitraryStory: fc.Arbitrary<ObservedEvent[]> = fc.uniqueArray(arbitraryEvent, {
  maxLength: 40,
  selector: (event) => `${event.occurredAt}#${event.id}`,
});

/** The story's events in some order of arrival, some of them more than once. */
export function arrivalsOf(story: readonly ObservedEvent[]): fc.Arbitrary<ObservedEvent[]> {
  if (story.length === 0) return fc.constant([]);
  const repeated = fc.array(fc.constantFrom(...story), { maxLength: 15 });
  const order = fc.shuffledSubarray([...story], { minLength: story.length });
  return fc.tuple(order, repeated, fc.integer({ min: 0, max: 1000 })).map(([events, again, seed]) => {
    const arrivals = [...events];
    again.forEach((event, index) => {
      arrivals.splice((seed * (index + 7)) % (arrivals.length + 1), 0, event);
    });
    return arrivals;
  });
}

/** An event, and the second at which it is told. */
export interface Arrival {
  readonly event: ObservedEvent;
  readonly arrivesAt: number;
}

/** Told one after the other, each so many seconds late. */
export function arriving(story: readonly ObservedEvent[], late: readonly number[]): Arrival[] {
  const seconds = ({ occurredAt }: ObservedEvent) => Math.round((occurredAt - secondOf(0)) / 1000);
  return story
    .map((event, index) => ({ event, arrivesAt: seconds(event) + (late[index] ?? 1) }))
    .sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** How many seconds late each is told: of `onTime` one, of the next up to fifteen minutes. */
export const lateness = (onTime: number) =>
  fc.array(fc.oneof({ weight: onTime, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 900 })), {
    minLength: 40,
    maxLength: 40,
  });
