import { type Decision, decide, type Situation } from '../../state-machines/decisions/decide';
import { awaitsEcs, reject } from '../../state-machines/decisions/decide-rollback';
import { decidedIn, giveUp } from '../../state-machines/decisions/decision-events';
import type { RewindEvent } from '../../state-machines/log/events';
import type { EventId, ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import type { Alarms } from '../aws/alarms/alarms';
import type { Ecs } from '../aws/ecs/ecs';
import type { KillSwitch } from '../aws/kill-switch';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { retryAt, wakeAt } from './next-wake';
import { describeReconcile, type Reconciled, type ReconcileReport } from './reconcile-report';
import { rollBack } from './roll-back';
import { type FoldedStream, keepStream, type Reading, readStream } from './service-stream';
import { heldBy, lookAt, type Unavailable, withNewerState } from './situation';

export interface ReconcilerParts {
  readonly eventLog: EventLog;
  readonly ecs: Ecs;
  readonly alarms: Alarms;
  readonly policies: PolicyFile;
  /** What may be done at most, whatever a policy or a tag says; enforce if left out. */
  readonly mode?: Policy['mode'];
  /** Asked before every write to ECS; there is none if left out. */
  readonly killSwitch?: KillSwitch;
  readonly now: () => Instant;
  /** Makes the name under which one reconcile holds its lease: never the same twice. */
  readonly newOwner: () => string;
  /** Between 0 and 1: spreads retries. */
  readonly jitter: () => number;
  readonly report: (report: ReconcileReport) => void;
}

/** Says which service, and from where on its log may have changed (null: at its end only); never what happened. */
export interface WakeUp {
  readonly service: ServiceArn;
  readonly changedFrom: Position | null;
}

export type Reconcile = (wakeUp: WakeUp) => Promise<{ readonly nextWakeAt: Instant | null }>;

/** More steps than one rollout takes from its start to its end. */
const stepsAtMost = 16;
const conflictsAtMost = 5;

/**
 * Brings a service one step after another to where its log says that it should be: reads, folds, observes ECS, decides, acts,
 * records, until there is nothing left to do, and says when it wants to be woken next. Idempotent; safe to run at any time,
 * by any number at once. Throws when the log cannot be read or written, or keeps changing: then the wake-up is to be repeated.
 */
export function createReconciler(parts: ReconcilerParts): Reconcile {
  return async (wakeUp) => {
    for (let conflicts = 0; conflicts < conflictsAtMost; conflicts += 1) {
      const { stream, ...reconciled } = await reconcileOnce(parts, wakeUp);
      const { nextWakeAt } = reconciled;
      if ((await keepStream(parts.eventLog, stream, nextWakeAt)) === 'conflict') continue;
      parts.report(describeReconcile(stream.fold.state, reconciled));
      return { nextWakeAt };
    }
    throw new ContendedServiceError(wakeUp.service);
  };
}

/** Others kept changing the service's snapshot; the wake-up is to be repeated. */
export class ContendedServiceError extends Error {
  override readonly name = 'ContendedServiceError';
  constructor(readonly service: ServiceArn) {
    super(`the snapshot of ${service} was changed by somebody else ${conflictsAtMost} times in a row`);
  }
}

interface Streamed extends Reconciled {
  readonly stream: FoldedStream;
}

async function reconcileOnce(parts: ReconcilerParts, { service, changedFrom }: WakeUp): Promise<Streamed> {
  const { eventLog, policies, now } = parts;
  const reading = { eventLog, service, policy: policies.policyFor(service) };
  const owner = parts.newOwner();
  const decisions: Decision[] = [];
  const learnt = new Set<EventId>();
  let from = changedFrom;
  for (let step = 0; step < stepsAtMost; step += 1) {
    const { stream, taken } = await takeStep({ parts, owner, learnt }, reading, from);
    if ('unavailable' in taken) return laterOn(parts, { stream, decisions }, taken);
    decisions.push(...taken);
    const last = taken.at(-1);
    if (last?.action === 'wait') {
      const nextWakeAt = wakeAt(now(), last.until);
      return { stream: { ...stream, retries: 0 }, nextWakeAt, decisions, outage: null, isHeld: false };
    }
    for (const event of eventsOf(last)) {
      await eventLog.append({ event, recordedAt: now(), notification: null });
      from = earlier(from, positionOf(event));
      learnt.add(event.id);
    }
  }
  // Not done, yet nothing is lost: the rest is decided from the log at the next wake-up.
  return {
    stream: await readStream(reading, from),
    nextWakeAt: wakeAt(now(), now()),
    decisions,
    outage: null,
    isHeld: false,
  };
}

/** What a decision wants to stand in the log. */
function eventsOf(decision: Decision | undefined): readonly RewindEvent[] {
  if (decision?.action === 'record') return [decision.event];
  return decision?.action === 'learn' ? decision.facts : [];
}

interface StepTaken {
  readonly stream: FoldedStream;
  /** The decision, and what came of it where that is another; none when the look has to be repeated. */
  readonly taken: readonly Decision[] | Unavailable;
}

/** Reads, observes, decides one step and takes it, up to its record. */
async function takeStep(
  { parts, owner, learnt }: { parts: ReconcilerParts; owner: string; learnt: ReadonlySet<EventId> },
  reading: Reading,
  from: Position | null,
): Promise<StepTaken> {
  const before = await readStream(reading, from);
  const look = await lookAt({ ...parts, owner, learnt, state: before.fold.state });
  if ('unavailable' in look) {
    return { stream: before, taken: recordDenial(before, look, { owner, now: parts.now() }) };
  }
  if (look.situation.observed === null) return { stream: before, taken: await act(parts, look.situation) };
  const stream = await readStream(reading, from);
  const situation = withNewerState(look, stream.fold.state);
  return { stream, taken: situation === null ? [] : await act(parts, situation) };
}

async function act(parts: ReconcilerParts, situation: Situation): Promise<readonly Decision[] | Unavailable> {
  const decision = decide(situation);
  // An attempt that is held is not begun: it would run out and leave its number behind, once a minute.
  if (eventsOf(decision).some(({ type }) => type === 'RollbackRequested')) {
    return (await heldBy(parts.killSwitch)) ?? [decision];
  }
  if (decision.action !== 'rollBack') return [decision];
  const result = await rollBack(parts, situation, decision);
  if (result === 'outdated') return [decision];
  return 'unavailable' in result ? result : [decision, result];
}

/**
 * Where ECS does not even let Rewind look, it can take nothing back, and says so; a rollout that is only watched goes on. Where
 * nobody said how ECS is reached, a rollout is given up at once: asking again would not help.
 */
function recordDenial(
  { fold: { state } }: FoldedStream,
  outage: Unavailable,
  moment: { owner: string; now: Instant },
): readonly Decision[] | Unavailable {
  const told = { now: moment.now, observed: null };
  const givenUp = outage.outOfReach === null ? null : giveUp(state, outage.outOfReach);
  if (givenUp !== null) return [decidedIn(told, givenUp)];
  const waiting = state.rollouts.find((live) => awaitsEcs(live, moment));
  if (outage.denied === null || waiting === undefined) return outage;
  const denial = reject({ state, now: moment.now }, waiting, outage.denied);
  return [decidedIn(told, denial)];
}

/** ECS could not be asked: the service is woken again later, and later still the more often it happens. What is held waits for people. */
function laterOn(
  { now, jitter }: ReconcilerParts,
  { stream, decisions }: Pick<Streamed, 'stream' | 'decisions'>,
  { unavailable: outage, isHeld }: Unavailable,
): Streamed {
  const retries = isHeld ? 0 : stream.retries + 1;
  const nextWakeAt = retryAt(now(), Math.max(1, retries), jitter());
  return { stream: { ...stream, retries }, nextWakeAt, decisions, outage, isHeld };
}

function earlier(a: Position | null, b: Position): Position {
  return a !== null && a < b ? a : b;
}
