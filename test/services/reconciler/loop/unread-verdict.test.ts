import { afterEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import type { RolloutOpened, VerdictReached } from '../../../../state-machines/log/decided-events';
import type { EventId } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import { decisionIdAfter } from '../../../../state-machines/log/position';
import { rolloutKey } from '../../../../state-machines/log/rollout-id';
import { crashing, RewindAtWork } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
let log: EventLog;
afterEach(() => rewind.stop());

const cause = 'alarm-raised' as EventId;
const policy = 'defaults: { failureRule: percent, provenBy: completion }';

function failureOf(opened: RolloutOpened, at: Instant): VerdictReached {
  const { service, deployment, startedAt, madeWith } = opened;
  return {
    ...{ service, deployment, startedAt, madeWith },
    type: 'VerdictReached',
    id: decisionIdAfter(cause, `${rolloutKey(opened)}.0.VerdictReached`),
    occurredAt: at,
    verdict: {
      result: 'failed',
      reason: 'AlarmRaised',
      message: 'alarm errors went to ALARM',
      at,
      eventId: cause,
    },
  };
}

/** A second revision completes, and a third, which crashes, replaces it in its bake. */
async function replacedInItsBake(): Promise<{ readonly first: string; readonly failure: VerdictReached }> {
  log = memoryEventLog();
  rewind = await RewindAtWork.start(log, { policy });
  const first = await rewind.withStable();
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
  await rewind.pass(120);
  const [, opened] = await rewind.decisions('RolloutOpened');
  const failure = failureOf(opened as RolloutOpened, rewind.ecs.clock.now());
  await rewind.pass(1);
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  return { first, failure };
}

/** Straight into the log: no record of the table's stream tells of it. */
async function writtenByAnother(event: VerdictReached): Promise<void> {
  await log.append({ event, recordedAt: rewind.ecs.clock.now(), notification: null });
}

describe('a revision that its completion proves, and that another process has failed in its bake,', () => {
  it('is not gone back to by who has not been told of the verdict (I4)', async () => {
    const { first, failure } = await replacedInItsBake();
    await rewind.pass(1);
    await writtenByAnother(failure);
    await rewind.pass(120);
    const [request] = await rewind.decisions('RollbackRequested');
    expect(request?.target).toBe(first);
  });
});
