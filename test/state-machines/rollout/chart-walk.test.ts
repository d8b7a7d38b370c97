import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventId } from '../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { type Place, walk } from '../../../state-machines/rollout/chart-walk';
import { openRollout } from '../../../state-machines/rollout/live-rollout';
import type { RolloutSignal } from '../../../state-machines/rollout/signals';
import { emptyMemory } from '../../../state-machines/service/service-memory';
import { walk as walkOfXState } from '../../benchmarks/xstate-walk';
import { arbitraryEvent } from '../arbitrary-story';
import { deploymentId, revision, second, service } from '../story';
import { base, carrying, decided, identity, signals } from './signals';

const readings = fc.record({
  alarm: fc.constantFrom('errors', 'latency'),
  state: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA', 'missing', 'unreadable'),
  since: fc.constantFrom(null, second(0), second(50)),
});
const checked = fc
  .array(readings, { maxLength: 2 })
  .map((alarms) => carrying(decided('AlarmsChecked', { alarms })));
const reported = arbitraryEvent
  .filter(({ type }) => type === 'TaskChanged' || type === 'AlarmChanged')
  .map((event) => ({ ...carrying(event), id: event.id }));
const judged = fc.constantFrom('failed', 'passed', 'inconclusive').map((result) => {
  const verdict = { result, reason: 'Operator', message: 'as judged', at: second(9), eventId: 'tipping' };
  return carrying(decided('VerdictReached', { verdict }));
});
const restarted = fc.record({
  type: fc.constant('RollbackStarted' as const),
  deployment: fc.constantFrom(null, deploymentId(1)),
  by: fc.constantFrom('ecs', 'operator'),
  target: fc.constantFrom(null, revision(1)),
});
const superseded = fc.boolean().map((isUnknown) => ({ ...signals.NewerDeploymentStarted, isUnknown }));

/** Any signal, at any time, before or behind what Rewind decided. */
const signal = fc
  .record({
    told: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...Object.values(signals)) },
      { weight: 4, arbitrary: reported },
      fc.oneof(checked, judged, restarted, superseded),
    ),
    at: fc.integer({ min: 0, max: 9000 }).map(second),
    isJudgedLater: fc.boolean(),
    isConcludedLater: fc.boolean(),
    safeTarget: fc.constantFrom(null, revision(1)),
  })
  .map(({ told, ...rest }) => ({ ...base, ...told, ...rest }) as unknown as RolloutSignal);

const opening = fc.record({
  rollbackOf: fc.constantFrom(null, deploymentId(9)),
  mode: fc.constantFrom('enforce' as const, 'observe' as const),
  onInconclusive: fc.constantFrom('notify' as const, 'rollback' as const, 'pass' as const),
  minimumFailures: fc.integer({ min: 1, max: 3 }),
});

describe('the walk along the chart', () => {
  it("answers every signal as XState's own transition does", () => {
    const story = fc.tuple(opening, fc.array(signal, { minLength: 1, maxLength: 25 }));
    const isTaken = new Set<string>();
    const property = fc.property(story, ([{ rollbackOf, ...policy }, told]) => {
      const given = { ...defaultPolicy, alarms: ['errors'], ...policy };
      const start = { ...identity, service, rollbackOf, startedBy: 'start' as EventId, policy: given };
      const { phase, context } = openRollout(start, emptyMemory);
      let place: Place = { phase, context };
      for (const each of told) {
        const next = walk(place, each);
        expect(next).toEqual(walkOfXState(place, each));
        isTaken.add(`${place.phase} to ${next.phase}`);
        place = next;
      }
    });
    fc.assert(property, { numRuns: 2000 });
    // Were the stories to stay where they start, they would show nothing.
    expect([...isTaken].sort()).toEqual([
      'baking to baking',
      'baking to done',
      'baking to rollingBack',
      'done to done',
      'rollingBack to done',
      'rollingBack to rollingBack',
      'watching to baking',
      'watching to done',
      'watching to rollingBack',
      'watching to watching',
    ]);
  });
});
