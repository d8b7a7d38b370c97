import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../services/event-log/event-table';
import { snapshotItemOf } from '../../../services/event-log/snapshot';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { reducerVersion } from '../../../state-machines/log/reducer-version';
import { emptyFold, type Fold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { alarm, completed, running, service, started, stopped } from '../../state-machines/story';

const hour = 3600;
/** The judged rollout starts three days after the first. */
const start = 72 * hour;
const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** Ids as long, and as unlike each other, as those of notifications. */
function withLongId(event: ObservedEvent): ObservedEvent {
  return { ...event, id: createHash('md5').update(event.id).digest('hex') as EventId };
}

function up(deployment: number, names: readonly string[], from: number): ObservedEvent[] {
  const inZone = (index: number) => ({ availabilityZone: zones[index % 3] });
  return names.map(
    (name, index) => ({ ...running(name, from + index, { deployment }), ...inZone(index) }) as ObservedEvent,
  );
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

/** A service that has lost tasks before, in a rollout of which three have failed by its end. */
function suspiciousStory(alarms: readonly string[]): ObservedEvent[] {
  const raises = alarms.flatMap((name, index) =>
    [5, 20, 40].flatMap((at) => [
      alarm(name, at * hour + 37.123 * index, ['OK', 'ALARM']),
      alarm(name, at * hour + 37.123 * index + 100, ['ALARM', 'OK']),
    ]),
  );
  const lost = (task: number, at: number) =>
    stopped(`b-${task}`, start + at, { deployment: 2, ranFrom: start + 20 + task });
  return [
    ...[started(1, 0), ...up(1, numbered('a', 10), 10), completed(1, 100), ...raises],
    stopped('a-1', 6 * hour, { deployment: 1, ranFrom: 11 }),
    ...up(1, ['a-10'], 6 * hour + 30),
    ...[started(2, start), ...up(2, numbered('b', 10), start + 20), lost(3, 50), completed(2, start + 100)],
    ...alarms.map((name, index) => alarm(name, start + 200 + index, ['OK', 'ALARM'])),
    ...[lost(4, 350), ...up(2, ['c-1', 'c-2'], start + 400), lost(6, 600)],
  ].map(withLongId);
}

/** The fold with the judged rollout alone, as where those of earlier ones are concluded. */
function foldOf(alarms: readonly string[]): Fold {
  const events = inOrder(suspiciousStory(alarms));
  const fold = foldOn(emptyFold(service), events, { ...defaultPolicy, alarms });
  return { ...fold, state: { ...fold.state, rollouts: fold.state.rollouts.slice(-1) } };
}

function packedBytes(fold: unknown): number {
  const content = { fold, retries: 0 };
  const snapshot = { version: 1, reducerVersion, fold: content, nextWakeAt: null, watchedAlarms: [] };
  return (snapshotItemOf(service, snapshot)[attribute.fold] as Uint8Array).length;
}

/** What the rule `evidence` and the doubt in alarms add to a fold. */
const added = new Set([
  ...['past', 'steady', 'alarmRaises', 'alarmsRaisedUntil', 'exposure', 'oldTasks', 'suspicion'],
  ...['suspicionLifted', 'doubtedAlarms', 'lost'],
]);

describe('a snapshot', () => {
  it.each([0, 1, 10, 50])('grows by at most 200 bytes, and 60 an alarm, for evidence: %i alarms', (count) => {
    const fold = foldOf(numbered('web-errors', count));
    const [judged] = fold.state.rollouts;
    expect(judged?.context.suspicion).not.toBeNull();
    expect(judged?.context.doubtedAlarms).toHaveLength(count);
    const without: unknown = JSON.parse(
      JSON.stringify(fold, (key, value: unknown) => (added.has(key) ? undefined : value)),
    );
    expect(packedBytes(fold) - packedBytes(without)).toBeLessThanOrEqual(200 + 60 * count);
  });
});
