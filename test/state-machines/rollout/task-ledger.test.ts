import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../../services/event-log/item-size';
import { snapshotItemOf } from '../../../services/event-log/snapshot';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { TaskChanged } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { reducerVersion } from '../../../state-machines/log/reducer-version';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { crash, deploymentId, revision, scaledIn, second, service, started } from '../story';

const tasks = 12_000;
const policy = { ...defaultPolicy, failurePercent: 100, deadlineSeconds: 1_000_000 };

const taskId = (number: number) => createHash('sha256').update(`task ${number}`).digest('hex').slice(0, 32);
const startOf = (number: number) => 1 + number / 5;

interface Told {
  readonly version: number;
  readonly at: number;
  readonly hasStopped: boolean;
}

function told(number: number, { version, at, hasStopped }: Told): TaskChanged {
  const task = taskId(number);
  return {
    type: 'TaskChanged',
    id: `${task}-${version}-${at}` as EventId,
    service,
    occurredAt: second(at),
    task,
    version,
    deployment: deploymentId(1),
    taskDefinition: revision(1),
    lastStatus: hasStopped ? 'STOPPED' : 'RUNNING',
    createdAt: null,
    startedAt: second(at),
    stopped: !hasStopped ? null : number % 100 < 6 ? crash : scaledIn,
  };
}

const numbers = Array.from({ length: tasks }, (_, number) => number);
const runs = numbers.map((number) => told(number, { version: 3, at: startOf(number), hasStopped: false }));
/** Each task lives for a hundred seconds: five hundred run at any time. */
const stops = (version: number, later: number) =>
  numbers.map((number) => told(number, { version, at: startOf(number) + 100 + later, hasStopped: true }));

function foldOf(events: readonly RewindEvent[]) {
  const fold = foldOn(emptyFold(service), inOrder([started(1, 0), ...events]), policy);
  const [rollout] = fold.state.rollouts;
  if (rollout === undefined) throw new Error('the rollout is live');
  return { fold, evidence: rollout.context.evidence };
}

function snapshotBytes(fold: unknown): number {
  const content = { fold, retries: 0 };
  const kept = { version: 1, reducerVersion, fold: content, nextWakeAt: second(0), watchedAlarms: [] };
  return itemBytes(snapshotItemOf(service, kept));
}

describe('a rollout of twelve thousand tasks (I7)', () => {
  it.each([
    ['whose stops are told once', []],
    ['whose stops are told again by ECS itself', stops(5, 1)],
    ['whose stops are told again an hour later, in a later version', stops(6, 3600)],
  ])('%s, counts each once', (_, again) => {
    const { fold, evidence } = foldOf([...runs, ...stops(5, 0), ...again]);
    expect(evidence).toMatchObject({ started: tasks, ran: tasks, running: 0, failed: 720 });
    expect(snapshotBytes(fold)).toBeLessThan(150_000);
  });

  it('that all run, is kept in a snapshot that DynamoDB takes', () => {
    const { fold, evidence } = foldOf(runs);
    expect(evidence).toMatchObject({ started: tasks, running: tasks });
    expect(snapshotBytes(fold)).toBeGreaterThan(150_000);
    expect(snapshotBytes(fold)).toBeLessThan(400_000);
  });
});
