import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/input/history';
import { exportEntry } from '../../../../services/event-log/export-line';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { ObservedEvent } from '../../../../state-machines/log/observed-events';
import { crash, running, scaledIn, second, stopped } from '../../../state-machines/story';

/** The history of an export of these events. */
function historyOf(events: readonly ObservedEvent[]) {
  const policyFile = parsePolicyFile('', 'policy');
  const history = new History({ policyFile, leavesOutDecisions: false, asOf: null });
  const sentences = events.map((event) =>
    history.take(exportEntry({ event, recordedAt: second(100), notification: null })),
  );
  const [stream] = [...history.drain()];
  return {
    sentences,
    counts: history.inputCounts(),
    events: stream?.[1].filter(({ type }) => type === 'TaskChanged'),
  };
}

describe('two events of one id and instant', () => {
  const stops = [crash, scaledIn].map((because) => stopped('a', 30, { deployment: 1, because }));

  it('that tell something else are named, and the same one counts in whatever order they come', () => {
    const [one, other] = [historyOf(stops), historyOf([...stops].reverse())];
    const named = `TaskChanged ${stops[0]?.id} was read before with other facts`;
    expect(one.sentences).toEqual([null, named]);
    expect(other.sentences).toEqual([null, named]);
    expect(one.counts).toMatchObject({ read: 2, folded: 1, duplicates: 0, invalid: 1 });
    expect(one.events).toHaveLength(1);
    expect(one.events).toEqual(other.events);
  });

  it('of which one tells more are one, and what tells more counts', () => {
    const plain = running('a', 10, { deployment: 1 });
    const placed = { ...plain, host: 'i-1' } as ObservedEvent;
    for (const told of [
      [plain, placed],
      [placed, plain],
    ]) {
      const { sentences, counts, events } = historyOf(told);
      expect(sentences).toEqual([null, null]);
      expect(counts).toMatchObject({ folded: 1, duplicates: 1, invalid: 0 });
      expect(events).toEqual([placed]);
    }
  });
});
