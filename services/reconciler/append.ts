import type { AppendFacts, LookAgain, RecordDecision } from '../../state-machines/decisions/decision';
import type { Situation } from '../../state-machines/decisions/situation';
import type { RewindEvent } from '../../state-machines/log/events';
import type { Instant } from '../../state-machines/log/instant';
import { rolloutRecordOf } from '../../state-machines/service/history/rollout-record';
import { withDigest } from '../event-log/digest';
import type { EventLog, RecordedEvent } from '../event-log/event-log';

type Told = Pick<RecordedEvent, 'event' | 'notification'>;

/** The decisions that write to the log, if only that ECS refused a call and is looked at again. */
type LogWrite = RecordDecision | AppendFacts | LookAgain;

/**
 * Appends what a decision wants to stand in the log, one after another, and gives it as it stands
 * there if all of it is new: somebody else may have written one of them before. Idempotent; throws
 * what the log throws.
 */
export async function append(
  { eventLog, now }: { readonly eventLog: EventLog; readonly now: () => Instant },
  situation: Situation,
  decision: LogWrite,
): Promise<{ readonly events: readonly RewindEvent[]; readonly areNew: boolean }> {
  const events: RewindEvent[] = [];
  let areNew = true;
  for (const one of toBeTold(decision)) {
    const recorded = withDigest({ ...one, ...concludedBy(situation, one.event), recordedAt: now() });
    const appended = await eventLog.append(recorded);
    areNew &&= appended === 'appended';
    events.push(recorded.event);
  }
  return { events, areNew };
}

function toBeTold(decision: LogWrite): readonly Told[] {
  if (decision.action === 'record') return [{ event: decision.event, notification: null }];
  return decision.action === 'appendFacts' ? decision.facts : [];
}

/** A conclusion is kept with its rollout in short, for whoever asks for the history. */
function concludedBy({ state }: Situation, event: RewindEvent): Pick<RecordedEvent, 'rollout'> {
  if (event.type !== 'RolloutConcluded') return {};
  const record = rolloutRecordOf(state, event);
  if (record === null) return {};
  const endedAt = record.endedAt ?? event.occurredAt;
  return { rollout: { ...record, phase: 'done', outcome: event.outcome, endedAt, dueAt: null } };
}
