import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import { isJsonObject } from '../../state-machines/log/foundation/json';
import type {
  DeploymentId,
  EventId,
  ServiceArn,
  TaskDefinitionArn,
} from '../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../state-machines/log/instant';
import { defaultPolicy, type Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import type { WayBack } from '../../state-machines/log/way-back';
import { openRollout } from '../../state-machines/rollout/live-rollout';
import type { Exposure } from '../../state-machines/rollout/weighing/exposure';
import type { Suspicion } from '../../state-machines/rollout/weighing/suspicion';
import { emptyFold, type Fold, foldOn, inOrder } from '../../state-machines/service/fold';
import { emptyMemory } from '../../state-machines/service/service-memory';
import type { ServiceState } from '../../state-machines/service/service-state';
import type { EventLog, StoredSnapshot } from './event-log';
import { attribute, liveValue, snapshotPosition } from './event-table';
import { type Item, itemBytes, maximumItemBytes } from './item-size';

/** What the rule `evidence` keeps where tasks have failed. */
const suspicionAndExposure = {
  exposure: {
    settling: [{ slot: 180_000_000, count: 1, offsets: 5000 }],
    turns: { taken: 1, logarithms: [] },
    zones: { 'eu-west-1a': { running: 1, failedStarts: 0, losses: 0 } },
    order: {
      tiers: [{ endedLate: 0, inSpell: 1, spellSince: null, oldestSeconds: 1, before: 0 }],
      newestSettled: null,
    },
  } satisfies Partial<Exposure>,
  suspicion: {
    since: instantFrom(1_800_000_000_000),
    raisedBy: '' as EventId,
    weighed: {
      ...{ starts: 1, failedStarts: 1, taskHours: 0, losses: 0, past: emptyMemory.past },
      ...{ ratio: 10, neededRatio: 10 },
    },
    replacedAt: null,
    postponement: { reason: 'replacement', until: instantFrom(1_800_000_000_000) },
  } satisfies Suspicion,
};

const someService = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web' as ServiceArn;
const someFold = emptyFold(someService);
const revision = {
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1' as TaskDefinitionArn,
  deployment: 'ecs-svc/0123456789012345678' as DeploymentId,
  serviceRevision: 'arn:aws:ecs:eu-west-1:123456789012:service-revision/prod/web/0123456789012345678',
  images: { app: 'sha256:' },
} satisfies WayBack;

/**
 * What most folds say, so that a snapshot of a small rollout costs one write unit. It comes from
 * the code itself: a snapshot that another version packed cannot be read, and counts as none.
 */
const dictionary = Buffer.from(
  JSON.stringify([
    suspicionAndExposure,
    { callers: {}, proven: [revision], fold: { ...someFold, quietPoints: [someFold] }, retries: 0 },
    { task: '', version: 3, hasRun: true, isPlaced: true, host: null, taskClass: null },
    openRollout({
      service: someService,
      deployment: revision.deployment,
      startedAt: instantFrom(1_800_000_000_000),
      startedBy: '' as EventId,
      rollbackOf: null,
      policy: defaultPolicy,
      taskDefinition: revision.taskDefinition,
      raisedBeforeStart: [],
      doubtedAlarms: [{ alarm: '', raisedBefore: 1, since: null, raises: [] }],
      tasks: [],
      hasFailedBefore: false,
      isGoingBack: false,
      past: emptyMemory.past,
      oldRunning: 0,
      strategy: 'ROLLING',
    }),
  ]),
);

/** What a snapshot holds of a service beside its fold. */
export interface SnapshotContent {
  readonly fold: Fold;
  /** The events behind the fold that were read already; absent: none. */
  readonly recent?: readonly RewindEvent[];
  /** Under which keys the fold holds what reconciles appended of late; absent: none. */
  readonly appendedAt?: readonly Position[];
  /** How often in a row AWS has not answered. */
  readonly retries: number;
  /** Since when; absent while it answers. */
  readonly unansweredSince?: Instant;
  /** From when on it says who watches an alarm of which nobody has read the stream since. */
  readonly watchesSince?: Instant;
  /** When ECS was last looked at while it shifted the service's traffic; absent: not yet. */
  readonly stageSeenAt?: Instant;
}

/**
 * The content of a service's snapshot. It is empty when there is no snapshot, when another version
 * of the reducer wrote it, or when it does not have the shape of this service's content: folding
 * again from the log is always right.
 */
export function snapshotContent(snapshot: StoredSnapshot | null, service: ServiceArn): SnapshotContent {
  if (snapshot?.reducerVersion === reducerVersion && isContentOf(snapshot.fold, service)) {
    return snapshot.fold;
  }
  return { fold: emptyFold(service), retries: 0 };
}

/** Up to where a snapshot holds the log; null: nothing of it. */
export function endOfSnapshot({ fold, recent = [] }: SnapshotContent): Position | null {
  const last = recent.at(-1);
  return last === undefined ? fold.position : positionOf(last);
}

function isContentOf(value: unknown, service: ServiceArn): value is SnapshotContent {
  if (!isJsonObject(value) || typeof value.retries !== 'number' || !isJsonObject(value.fold)) return false;
  const { recent = [], appendedAt = [] } = value;
  if (!Array.isArray(recent) || !Array.isArray(appendedAt)) return false;
  const { position, state, quietPoints } = value.fold;
  const hasPosition = position === null || typeof position === 'string';
  return hasPosition && Array.isArray(quietPoints) && isJsonObject(state) && state.service === service;
}

/**
 * The item of a service's snapshot; it is in the index of live services only while it wants to be
 * woken.
 */
export function snapshotItemOf(service: ServiceArn, snapshot: StoredSnapshot): Item {
  const item: Item = {
    [attribute.service]: service,
    [attribute.position]: snapshotPosition,
    [attribute.version]: snapshot.version,
    [attribute.reducerVersion]: snapshot.reducerVersion,
    [attribute.fold]: packedFold(snapshot.fold),
    [attribute.watchedAlarms]: [...snapshot.watchedAlarms],
    ...(snapshot.nextWakeAt === null
      ? {}
      : { [attribute.nextWakeAt]: snapshot.nextWakeAt, [attribute.live]: liveValue }),
  };
  // More tasks than ECS runs in a service: then the log is folded each time, and nothing stops.
  return itemBytes(item) <= maximumItemBytes ? item : { ...item, [attribute.fold]: packedFold(null) };
}

/** Four bytes of checksum, by which cut or changed bytes show, then raw deflate. */
function packedFold(fold: unknown): Uint8Array {
  const text = JSON.stringify(fold);
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32BE(crc32(text));
  return Buffer.concat([checksum, deflateRawSync(text, { dictionary })]);
}

const checksumBytes = 4;

/**
 * The snapshot in an item, as it was written. Where its fold cannot be read, the fold is null: the
 * version remains, over which the next snapshot is written. Null when not even the version can be
 * read.
 */
export function snapshotIn(item: Item): StoredSnapshot | null {
  const version: unknown = item[attribute.version];
  if (typeof version !== 'number') return null;
  return {
    version,
    reducerVersion: item[attribute.reducerVersion],
    fold: foldIn(item[attribute.fold]),
    nextWakeAt: item[attribute.nextWakeAt] ?? null,
    watchedAlarms: item[attribute.watchedAlarms],
  };
}

function foldIn(packed: unknown): unknown {
  if (!(packed instanceof Uint8Array)) return null;
  try {
    const bytes = Buffer.from(packed);
    const text = inflateRawSync(bytes.subarray(checksumBytes), { dictionary }).toString('utf8');
    return crc32(text) === bytes.readUInt32BE() ? JSON.parse(text) : null;
  } catch {
    // Damaged bytes and damaged JSON alike: the log can do without any snapshot.
    return null;
  }
}

/**
 * What the log of a service folds to now, for whoever only looks. A rollout of which no opening is
 * recorded is held to the policy. Throws what the log throws.
 */
export async function readState(
  log: Pick<EventLog, 'readSnapshot' | 'read'>,
  { service, policy }: { readonly service: ServiceArn; readonly policy: Policy },
): Promise<ServiceState> {
  const kept = snapshotContent(await log.readSnapshot(service), service);
  return foldOn(kept.fold, await eventsBehind(log, kept), policy).state;
}

/**
 * What the log holds behind a kept fold, in order. A verdict stands far back in the log: where the
 * fold is older than it, it is among the recent. Throws what the log throws.
 */
export async function eventsBehind(
  log: Pick<EventLog, 'read'>,
  { fold, recent = [] }: Pick<SnapshotContent, 'fold' | 'recent'>,
): Promise<readonly RewindEvent[]> {
  const events = new Map(recent.map((event) => [logKeyOf(event), event]));
  for await (const { event } of log.read(fold.state.service, fold.position))
    events.set(logKeyOf(event), event);
  return inOrder([...events.values()]);
}
