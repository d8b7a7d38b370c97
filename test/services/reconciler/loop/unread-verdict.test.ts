import { afterEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import type { RolloutOpened, VerdictReached } from '../../../../state-machines/log/decided-events';
import type { Instant } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { decisionIdAfter } from '../../../../state-machines/log/position';
import { rolloutKey } from '../../../../state-machines/log/rollout-id';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { collect } from '../../event-log/collect';
import { crashing, RewindAtWork } from '../worlds/rewind-at-work';
import { alarmRaised, alarmVerdict } from './alarm-verdict';

let rewind: RewindAtWork;
let log: EventLog;
afterEach(() => rewind.stop());

const policy = 'defaults: { failureRule: percent, provenBy: completion }';

function failureOf(opened: RolloutOpened, at: Instant): VerdictReached {
  const { service, deployment, startedAt, madeWith } = opened;
  return {
    ...{ service, deployment, startedAt, madeWith },
    type: 'VerdictReached',
    id: decisionIdAfter(alarmRaised, `${rolloutKey(opened)}.0.VerdictReached`),
    occurredAt: at,
    verdict: alarmVerdict(at),
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

  it('stays known as judged where it has passed before it is concluded as superseded', async () => {
    const { failure } = await replacedInItsBake();
    const passed: VerdictReached = { ...failure, verdict: { ...failure.verdict, result: 'passed' } };
    await writtenByAnother(passed);
    await rewind.pass(120);
    const recorded = await collect(log.read(passed.service, null));
    const events = inOrder(recorded.map(({ event }) => event));
    const end = events.findIndex(
      (event) => event.type === 'RolloutConcluded' && rolloutKey(event) === rolloutKey(passed),
    );
    expect(events[end]).toMatchObject({ outcome: 'superseded' });
    const { state } = foldOn(emptyFold(passed.service), events.slice(0, end + 1), {
      ...defaultPolicy,
      provenBy: 'completion',
    });
    const known = state.memory.proven.find((revision) => rolloutKey(revision) === rolloutKey(passed));
    expect(known).toBeDefined();
    expect(known).not.toHaveProperty('isWithoutVerdict');
  });
});
