import { beforeAll, describe, expect, it } from 'vitest';
import { formatReplayDocument } from '../../../../services/cli/replay/replay-document';
import { itemOf } from '../../../../services/event-log/event-item';
import { itemBytes } from '../../../../services/event-log/item-size';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { isDecided, type RewindEvent } from '../../../../state-machines/log/events';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { positionOf } from '../../../../state-machines/log/position';
import { replay } from '../../../../state-machines/replay/replay';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { randomFrom, shuffle } from '../../../fixtures/histories/random';
import { MeasuredCanary, service } from './measured-canary';

const erring = { 'rewind.behaviour': 'erring', 'rewind.error-percent': '2' };

let canary: MeasuredCanary;
beforeAll(async () => {
  canary = await MeasuredCanary.start();
  await canary.deploy({}, 900);
  await canary.pass(6300);
  await canary.deploy(erring, 3600);
}, 120_000);

const folded = (events: readonly RewindEvent[]) => foldOn(emptyFold(service), inOrder(events), defaultPolicy);

describe('recorded measurements', () => {
  it('R52 fold to the same judgement in any order, however often each of them came', () => {
    const { events } = canary;
    const { state } = folded(events);
    for (const seed of [1, 2, 3]) {
      const random = randomFrom(seed);
      const again = shuffle([...events, ...events.slice(0, events.length / 2)], random);
      const once = [...new Map(again.map((event) => [positionOf(event), event])).values()];
      expect(folded(once).state).toEqual(state);
    }
  });

  it('R52 are told by a replay as they were live, and leave a recorded verdict as it is where some are missing', () => {
    const until = canary.clock.now();
    const replayed = (events: readonly RewindEvent[]) =>
      replay(events, { policy: defaultPolicy, until }).find(({ outcome }) => outcome === 'rolledBack');
    const whole = replayed(canary.events);
    const [conclusion] = canary.decisions('RolloutConcluded', 3);
    const served = whole?.analysis?.metrics[0]?.served;
    expect(conclusion?.message).toContain(`of ${served?.requests} answers of the new version`);
    const input = { read: 0, folded: 0, duplicates: 0, ignored: 0, invalid: 0 };
    const document = JSON.parse(
      formatReplayDocument({ input, rollouts: whole === undefined ? [] : [whole] }),
    );
    expect(document.rollouts[0].measurements).toMatchObject({
      result: 'failed',
      arms: { lonely: null },
      metrics: [{ metric: 'errors', result: 'failed', served }, { metric: 'slow' }],
    });
    const some = canary.events.filter(({ type }, index) => type !== 'MeasurementTaken' || index % 3 > 0);
    expect(replayed(some)?.verdict).toEqual(whole?.verdict);
  });

  it('have one record for each window, of one write unit at most', async () => {
    const stored = await canary.stored();
    const taken = stored.filter(({ event }) => event.type === 'MeasurementTaken');
    expect(taken.length).toBeGreaterThan(70);
    expect(new Set(taken.map(({ event }) => event.id)).size).toBe(taken.length);
    expect(Math.max(...taken.map((one) => itemBytes(itemOf(one))))).toBeLessThan(1024);
    const plans = stored.filter(({ event }) => event.type === 'AnalysisPlanned');
    expect(Math.max(...plans.map((one) => itemBytes(itemOf(one))))).toBeLessThan(1024);
  });

  it('are confirmed, and every judgement by them is made again (I9)', async () => {
    const stored = await canary.stored();
    const verified = [...verifyDecisions(stored)];
    const differing = verified.filter(({ verification }) => verification.result !== 'confirmed');
    expect(differing.map(({ decision, verification }) => [decision.event.type, verification])).toEqual([]);
    expect(verified.length).toBe(stored.filter(({ event }) => isDecided(event)).length);
  });
});
