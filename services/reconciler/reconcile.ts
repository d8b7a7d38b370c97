import { type Decision, decide } from '../../state-machines/decide';
import type { Instant, ServiceArn } from '../../state-machines/identifiers';
import { type Position, positionOf } from '../../state-machines/position';
import type { Alarms } from '../alarms/alarms';
import type { Ecs } from '../ecs/ecs';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { describeReconcile, type ReconcileReport } from './reconcile-report';
import { retryAt, rollBack } from './roll-back';
import { type FoldedStream, keepStream, readStream } from './service-stream';
import { lookAt, type Unavailable } from './situation';

export interface ReconcilerParts {
  readonly eventLog: EventLog;
  readonly ecs: Ecs;
  readonly alarms: Alarms;
  readonly policies: PolicyFile;
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
      const { stream, nextWakeAt, decisions } = await reconcileOnce(parts, wakeUp);
      if ((await keepStream(parts.eventLog, stream, nextWakeAt)) === 'conflict') continue;
      parts.report(describeReconcile(stream.fold.state, decisions, nextWakeAt));
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

interface Reconciled {
  readonly stream: FoldedStream;
  readonly nextWakeAt: Instant | null;
  readonly decisions: readonly Decision[];
}

async function reconcileOnce(parts: ReconcilerParts, { service, changedFrom }: WakeUp): Promise<Reconciled> {
  const { eventLog, policies } = parts;
  const reading = { eventLog, service, policy: policies.policyFor(service) };
  const owner = parts.newOwner();
  const decisions: Decision[] = [];
  let from = changedFrom;
  for (let step = 0; step < stepsAtMost; step += 1) {
    const stream = await readStream(reading, from);
    const situation = await lookAt({ ...parts, owner, state: stream.fold.state });
    if ('unavailable' in situation) return laterOn(parts, stream, situation);
    const decision = decide(situation);
    decisions.push(decision);
    if (decision.action === 'wait') {
      return { stream: { ...stream, retries: 0 }, nextWakeAt: decision.until, decisions };
    }
    const event =
      decision.action === 'record' ? decision.event : await rollBack(parts.ecs, situation, decision);
    if (event === 'outdated') continue;
    if ('unavailable' in event) return laterOn(parts, stream, event);
    await eventLog.append({ event, recordedAt: parts.now(), notification: null });
    from = earlier(from, positionOf(event));
  }
  // Not done, yet nothing is lost: the rest is decided from the log at the next wake-up, which is due at once.
  return { stream: await readStream(reading, from), nextWakeAt: parts.now(), decisions };
}

/** ECS could not be asked: the service is woken again later, and later still the more often it happens. */
function laterOn(parts: ReconcilerParts, stream: FoldedStream, { unavailable }: Unavailable): Reconciled {
  const retries = stream.retries + 1;
  const nextWakeAt = retryAt(parts.now(), retries, parts.jitter());
  const decisions = [{ action: 'wait', until: nextWakeAt, because: unavailable } as const];
  return { stream: { ...stream, retries }, nextWakeAt, decisions };
}

function earlier(a: Position | null, b: Position): Position {
  return a !== null && a < b ? a : b;
}
