import { afterEach, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import type { PassRevoked, VerdictReached } from '../../../../state-machines/log/decided-events';
import type { Instant } from '../../../../state-machines/log/instant';
import { decisionIdAfter } from '../../../../state-machines/log/position';
import { rolloutKey } from '../../../../state-machines/log/rollout-id';
import { crashing, RewindAtWork } from '../worlds/rewind-at-work';
import { alarmRaised, alarmVerdict } from './alarm-verdict';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

function revocationOf({ digest: _digest, ...pass }: VerdictReached, at: Instant): PassRevoked {
  const { eventId, at: passedAt } = pass.verdict;
  return {
    ...pass,
    type: 'PassRevoked',
    id: decisionIdAfter(alarmRaised, `${rolloutKey(pass)}.1.PassRevoked`),
    occurredAt: at,
    verdict: { ...alarmVerdict(at), revokes: { at: passedAt, eventId } },
  };
}

it('nobody goes back to a revision whose pass another process has revoked, before it is told of that (I4)', async () => {
  const log = memoryEventLog();
  rewind = await RewindAtWork.start(log, { policy: 'defaults: { failureRule: evidence }' });
  const first = await rewind.withStable();
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
  await rewind.pass(600);
  const [, pass] = await rewind.decisions('VerdictReached');
  expect(pass?.verdict.result).toBe('passed');
  const revokedAt = rewind.ecs.clock.now();
  await rewind.pass(1);
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  await rewind.pass(1);
  // Straight into the log: no record of the table's stream has told of it yet.
  const event = revocationOf(pass as VerdictReached, revokedAt);
  await log.append({ event, recordedAt: rewind.ecs.clock.now(), notification: null });
  await rewind.pass(120);
  const [request] = await rewind.decisions('RollbackRequested');
  expect(request?.target).toBe(first);
});
