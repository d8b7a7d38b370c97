import { expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { saveSnapshot } from '../../../../services/reconciler/kept-stream';
import { readStream } from '../../../../services/reconciler/service-stream';
import { logKeyOf, type RewindEvent } from '../../../../state-machines/log/events';
import type { EventId } from '../../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { earliestPosition } from '../../../../state-machines/log/position';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { observedService } from '../../../state-machines/observed-service';
import { withDecisions } from '../../../state-machines/situations';
import { completed, deleted, running, second, service, started } from '../../../state-machines/story';

const empty = observedService({ desiredCount: 1 });

it('a late event counts behind two rollouts that ended in the millisecond in which one began (I1, I2)', async () => {
  const log = memoryEventLog();
  const tell = async (events: readonly RewindEvent[]) => {
    for (const event of events) await log.append({ event, recordedAt: second(0), notification: null });
    const changedAt = events.map(logKeyOf);
    const changes = { changedFrom: earliestPosition(changedAt), changedAt };
    const stream = await readStream({ eventLog: log, service, policy: defaultPolicy }, changes);
    await saveSnapshot(log, stream, null);
    return stream.fold.state;
  };
  const gone = { ...deleted(5), id: 'z' as EventId };
  const story = [started(2, 3), started(1, 5, true), gone, running('a', 7000, { deployment: 1 })];
  const known = withDecisions(story, { now: second(7000), observed: empty });
  await tell(known);
  const kept = await tell([completed(1, 397)]);
  const events: RewindEvent[] = [];
  for await (const { event } of log.read(service, null)) events.push(event);
  expect(kept).toEqual(foldOn(emptyFold(service), inOrder(events), defaultPolicy).state);
});
