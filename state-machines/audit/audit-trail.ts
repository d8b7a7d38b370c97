import type { RolloutConcluded } from '../log/decided-events';
import { isDecided, type RewindEvent } from '../log/events';
import { secondsAfter } from '../log/instant';
import type { OperatorActed } from '../log/observed-events';
import { defaultPolicy, type Policy, wholePolicy } from '../log/policy';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import { describeRollout } from '../rollout/live-rollout';
import type { Rollout } from '../rollout/rollout';
import { actBehind } from '../service/operator/operator-traces';
import { rememberAct } from '../service/operator/remember-act';
import { emptyMemory } from '../service/service-memory';
import type { ServiceState } from '../service/service-state';
import { FoldAsKnown } from './fold-as-known';
import { type Known, type LoggedEvent, RecordedStream } from './recorded-stream';

/**
 * One event of a rollout's story, and what was known of the rollout before and after it was learnt.
 */
export interface TrailEntry<Recorded extends LoggedEvent = LoggedEvent> {
  readonly recorded: Recorded;
  /** Null where the rollout was not, or is no longer, in the state. */
  readonly before: Rollout | null;
  readonly after: Rollout | null;
  /** How it came to stand in the log too late, or once more than needed; null for most. */
  readonly mark: 'late' | 'behind the verdict' | 'stale' | null;
}

/** Later than this is late: EventBridge delivers within seconds, nearly always. */
const lateSeconds = 30;

/** Beside what was learnt first, nothing was known. */
const none: Known['others'] = new Set();

/**
 * The story of a rollout in the order in which Rewind learnt it: every event that names its
 * deployment while it lasted, and every other one that changed something about it. Pure.
 */
export function auditTrail<Recorded extends LoggedEvent>(
  events: readonly Recorded[],
  rollout: Rollout,
): TrailEntry<Recorded>[] {
  if (events.length === 0) return [];
  const stream = new RecordedStream(events);
  const folding = new FoldAsKnown(stream);
  const marks = new ArrivalMarks(rollout);
  const trail: TrailEntry<Recorded>[] = [];
  let before: Rollout | null = null;
  for (const [index, recorded] of stream.events.entries()) {
    const { event } = recorded;
    const { state } = folding.foldTo({ first: index + 1, others: none }, rollout.policy);
    const after = rolloutIn(state, rollout);
    const mark = marks.markOf(recorded);
    if (isNamedBy(event, rollout) || hasChanged(before, after)) trail.push({ recorded, before, after, mark });
    before = after;
  }
  return trail;
}

/**
 * The rollouts that a stream tells of, as Rewind itself knew them: what time alone would bring is
 * not supplied, for it would stand in the log. In order of their start. Pure.
 */
export function rolloutsKnown(events: readonly LoggedEvent[]): Rollout[] {
  if (events.length === 0) return [];
  const stream = new RecordedStream(events);
  const folding = new FoldAsKnown(stream);
  const policy = newestPolicyIn(stream.events);
  const known = new Map<RolloutKey, Rollout>();
  const conclusions = new Map<RolloutKey, RolloutConcluded>();
  let last: readonly Rollout[] = [];
  for (const [index, { event }] of stream.events.entries()) {
    last = folding.foldTo({ first: index + 1, others: none }, policy).state.rollouts.map(describeRollout);
    for (const rollout of last) known.set(rolloutKey(rollout), rollout);
    if (event.type === 'RolloutConcluded') conclusions.set(rolloutKey(event), event);
  }
  return [...known]
    .flatMap(([key, rollout]) => {
      if (last.includes(rollout)) return rollout;
      const conclusion = conclusions.get(key);
      return conclusion === undefined ? [] : concludedBy(rollout, conclusion);
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

function newestPolicyIn(events: readonly LoggedEvent[]): Policy {
  const opening = events.findLast(({ event }) => event.type === 'RolloutOpened')?.event;
  return opening?.type === 'RolloutOpened' ? wholePolicy(opening.policy) : defaultPolicy;
}

/** The fold forgets a rollout with its conclusion, or with the end of its probation. */
function concludedBy(rollout: Rollout, { outcome, occurredAt }: RolloutConcluded): Rollout {
  return {
    ...rollout,
    phase: 'done',
    outcome,
    endedAt: rollout.endedAt ?? occurredAt,
    probationUntil: null,
    recorded: { ...rollout.recorded, concluded: true },
  };
}

/** Until its opening is recorded, a rollout's start may still be told to have been earlier. */
function rolloutIn({ rollouts }: ServiceState, { deployment, startedAt }: Rollout): Rollout | null {
  const live = rollouts.findLast(
    ({ context, recorded }) =>
      context.deployment === deployment && (context.startedAt === startedAt || !recorded.opened),
  );
  return live === undefined ? null : describeRollout(live);
}

/**
 * ECS re-uses deployment ids: what took place before the start or after the end is another
 * rollout's.
 */
function isNamedBy(event: RewindEvent, rollout: Rollout): boolean {
  const { deployment, startedAt, endedAt } = rollout;
  if (event.type === 'OperatorActed' && (isBehind(event, rollout) || isMeanwhile(event, rollout)))
    return true;
  if (!('deployment' in event) || event.deployment !== deployment) return false;
  if (isDecided(event)) return event.startedAt === startedAt;
  return (
    event.occurredAt >= secondsAfter(startedAt, -lateSeconds) && event.occurredAt <= (endedAt ?? Infinity)
  );
}

/** An act is told with the rollout that it brought, before which it stands. */
function isBehind(act: OperatorActed, { deployment, taskDefinition, startedAt }: Rollout): boolean {
  const memory = rememberAct(emptyMemory, act);
  return actBehind(memory, { deployment, taskDefinition, startedAt }) !== null;
}

/** A freeze, a stop, a word on a revision: of the service as it is while the rollout goes on. */
function isMeanwhile(act: OperatorActed, { startedAt, endedAt }: Rollout): boolean {
  const isOfDeployment = act.deployment !== undefined || act.target !== undefined;
  return !isOfDeployment && act.occurredAt >= startedAt && act.occurredAt <= (endedAt ?? Infinity);
}

function hasChanged(before: Rollout | null, after: Rollout | null): boolean {
  if (before === null || after === null) return before === null && after !== null;
  return (
    before.phase !== after.phase ||
    before.verdict?.eventId !== after.verdict?.eventId ||
    before.evidence.failed !== after.evidence.failed ||
    JSON.stringify(before.rollback) !== JSON.stringify(after.rollback)
  );
}

/** Whether an event was learnt long after it took place. Pure. */
export function isLateFact({ event, recordedAt }: LoggedEvent): boolean {
  return recordedAt > secondsAfter(event.occurredAt, lateSeconds);
}

/** Tells what was learnt too late, or again. */
class ArrivalMarks {
  readonly #rollout: Rollout;
  readonly #versions = new Map<string, number>();
  #isJudged = false;

  constructor(rollout: Rollout) {
    this.#rollout = rollout;
  }

  markOf({ event, recordedAt }: LoggedEvent): TrailEntry['mark'] {
    if (isDecided(event)) {
      this.#isJudged ||= event.type === 'VerdictReached' && isNamedBy(event, this.#rollout);
      return null;
    }
    if (this.#isStale(event)) return 'stale';
    const { verdict } = this.#rollout;
    if (this.#isJudged && verdict !== null && event.occurredAt < verdict.at) return 'behind the verdict';
    return isLateFact({ event, recordedAt }) ? 'late' : null;
  }

  #isStale(event: RewindEvent): boolean {
    if (event.type !== 'TaskChanged' || event.version === null) return false;
    const known = this.#versions.get(event.task) ?? 0;
    this.#versions.set(event.task, Math.max(known, event.version));
    return event.version <= known;
  }
}
