import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/history';
import { judge } from '../../../../services/cli/judgement';
import { KeptNotifications } from '../../../../services/cli/report/kept-notifications';
import { momentsOf } from '../../../../services/cli/report/moments';
import { RolloutTraces } from '../../../../services/cli/report/rollout-trace';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import { isFailure } from '../../../../state-machines/stopped-task';
import { deliver } from '../../../histories/generate';
import { history } from '../../../histories/history';

describe('the trace of a rollout', () => {
  describe.each([1, 2, 3])('of a shuffled history that was delivered in part twice (seed %i)', (seed) => {
    const { lines } = history({ services: 20, rollouts: 3, badPercent: 30, lines: 4000, seed });
    const { rollouts, traces, notifications } = traced(
      deliver(lines, { seed, isShuffled: true, duplicateEvery: 3 }),
    );

    it('ends with the evidence that the verdict was reached by', () => {
      for (const rollout of rollouts) {
        const { started, ran, failed } = rollout.evidence;
        const last = traces.of(rollout).evidence.at(-1);
        expect(last ?? { started: 0, ran: 0, failed: 0 }).toMatchObject({ started, ran, failed });
      }
    });

    it('has a lane for every started task, of the class that was counted', () => {
      for (const rollout of rollouts) {
        const tasks = traces.of(rollout).tasks();
        expect(tasks).toHaveLength(rollout.evidence.started);
        const failed = tasks.filter(({ taskClass }) => taskClass !== null && isFailure(taskClass));
        expect(failed).toHaveLength(rollout.evidence.failed);
      }
    });

    it('tips over the threshold at the very event that the verdict names', () => {
      const judged = rollouts.filter(({ verdict }) => verdict?.reason === 'TaskFailures');
      expect(judged.length).toBeGreaterThan(5);
      for (const rollout of judged) {
        const { evidence, events } = traces.of(rollout);
        const { failurePercent, minimumFailures } = rollout.policy;
        const tipping = evidence.find(
          ({ failed, started }) => failed >= minimumFailures && failed * 100 > failurePercent * started,
        );
        expect(tipping?.at).toBe(rollout.verdict?.at);
        expect(events.some(({ id }) => id === rollout.verdict?.eventId)).toBe(true);
      }
    });

    it('has the notification behind every event, as it arrived', () => {
      const arrived = new Map(lines.map((line) => [JSON.parse(line).id, line]));
      const events = rollouts.flatMap((rollout) => traces.of(rollout).events);
      expect(events.length).toBeGreaterThan(1000);
      for (const event of events) expect(notifications.jsonOf(event)).toBe(arrived.get(event.id));
    });

    it('numbers its turning points in order, each beside the event that caused it', () => {
      for (const rollout of rollouts) {
        const { events } = traces.of(rollout);
        const marked = momentsOf(rollout, events).filter(({ mark }) => mark !== null);
        expect(marked.map(({ mark }) => mark)).toEqual(marked.map((_, index) => index + 1));
        const verdict = marked.find(({ text }) => text.startsWith('verdict'));
        if (rollout.verdict?.reason !== 'TaskFailures') continue;
        expect(events[verdict?.event ?? -1]?.id).toBe(rollout.verdict.eventId);
      }
    });
  });
});

function traced(lines: readonly string[]) {
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const read = new History({
    policyFile: noPolicyFile,
    leavesOutDecisions: false,
    asOf: null,
    keep: (event, value) => notifications.keep(event, value),
  });
  for (const line of lines) expect(read.take(JSON.parse(line))).toBeNull();
  return {
    notifications,
    traces,
    rollouts: judge(read, noPolicyFile, (folded) => traces.follow(folded)),
  };
}
