import { expect, it } from 'vitest';
import { SteppedClock } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { Timeline } from '../../../../infra/local/stories/timeline/timeline';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { crashingRollout, describeDeployments, describeHistory } from '../../../protocol/toy-ecs';
import { withDecisions } from '../../../state-machines/situations';
import { provenFirst, second, service } from '../../../state-machines/story';

it('tells of a verdict before the end that follows from it, also where both are read at once', async () => {
  const eventLog = memoryEventLog();
  const observed = { ...describeHistory(crashingRollout), ...describeDeployments(crashingRollout) };
  for (const event of withDecisions([...provenFirst], { now: second(400), observed })) {
    await eventLog.append({ event, recordedAt: event.occurredAt, notification: null });
  }
  const told: string[] = [];
  const clock = new SteppedClock(second(500));
  const timeline = new Timeline({
    eventLog,
    service,
    clock,
    told: [{ at: second(400), subject: 'Rewind: prod/web: web:1 passed' }],
    waitSeconds: 1,
    print: (moment, count) => told.push(moment.tell(count)),
  });
  await timeline.finish();
  const verdict = told.findIndex((text) => text.includes('verdict on web:1'));
  expect(verdict).toBeGreaterThan(0);
  expect(told.findIndex((text) => text.includes('is stable now'))).toBeGreaterThan(verdict);
});
