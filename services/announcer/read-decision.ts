import type { DecidedEvent } from '../../state-machines/log/decided-events';
import { isDecided, logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import { describeRollout, isSameRollout } from '../../state-machines/rollout/live-rollout';
import { emptyFold, type Fold, foldOn, inOrder } from '../../state-machines/service/fold';
import type { EventLog, RecordedEvent } from '../event-log/event-log';
import { snapshotContent } from '../event-log/snapshot';
import type { DecisionInContext } from './decision-in-context';

/** Where a decision stands in the log. */
export interface DecisionKey {
  readonly service: ServiceArn;
  readonly position: Position;
}

/** The table's stream named an event that the log does not hold, or that is no decision. */
export class MissingDecisionError extends Error {
  override readonly name = 'MissingDecisionError';
}

/**
 * Reads a decision with its rollout as the events before it show it, so that an announcement does
 * not depend on when it is made. Reads from the last quiet point before the decision: the work does
 * not grow with the stream. Throws MissingDecisionError.
 */
export async function readDecision(
  { eventLog, policy }: { readonly eventLog: EventLog; readonly policy: Policy },
  { service, position }: DecisionKey,
): Promise<DecisionInContext> {
  const from = await startBefore(eventLog, { service, position });
  const read: RewindEvent[] = [];
  let decision: RecordedDecision | null = null;
  for await (const recorded of eventLog.read(service, from.position)) {
    if (decision !== null && logKeyOf(recorded.event) > positionOf(decision.event)) break;
    if (isDecision(recorded) && logKeyOf(recorded.event) === position) decision = recorded;
    else read.push(recorded.event);
  }
  if (decision === null) throw new MissingDecisionError(`${service} has no decision at ${position}`);
  const { event, recordedAt } = decision;
  const before = read.filter((earlier) => positionOf(earlier) < positionOf(event));
  const { state } = foldOn(from, inOrder(before), policy);
  const live = state.rollouts.find((rollout) => isSameRollout(rollout, event));
  const { plannedSeconds = 0, waitingHooks = {} } = live?.context ?? {};
  const wait = { plannedSeconds, hooks: Object.keys(waitingHooks) };
  return { event, recordedAt, rollout: live === undefined ? null : describeRollout(live), wait };
}

type RecordedDecision = RecordedEvent & { readonly event: DecidedEvent };

function isDecision(recorded: RecordedEvent): recorded is RecordedDecision {
  return isDecided(recorded.event);
}

/**
 * Where to read from: never the snapshot's own position, since it may have folded past the decision
 * or dropped its rollout.
 */
async function startBefore(eventLog: EventLog, { service, position }: DecisionKey): Promise<Fold> {
  const snapshot = await eventLog.readSnapshot(service);
  const { fold } = snapshotContent(snapshot, service);
  const quietPoint = fold.quietPoints.findLast((point) => point.position < position);
  return quietPoint === undefined ? emptyFold(service) : { ...quietPoint, quietPoints: [] };
}
