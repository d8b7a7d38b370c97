import { describe, expect, it } from 'vitest';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { logKeyOf, type RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { positionOf } from '../../../state-machines/log/position';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import { completed, failed, revision, running, second, service, started, stopped } from '../story';

const shownService = observedService({
  desiredCount: 4,
  deployments: [observedDeployment(1, { rolloutState: 'IN_PROGRESS', runningCount: 4 })],
  active: [revision(1)],
});

/** Any two of the four crashes are enough. */
const policy: Policy = { ...defaultPolicy, failureRule: 'percent' };
const start: RewindEvent[] = [
  started(1, 0),
  running('a', 10, { deployment: 1 }),
  running('b', 10, { deployment: 1 }),
];
const opened = withDecisions(start, { now: second(20), observed: shownService, policy });
const crashes = ['a', 'b', 'c', 'd'].map((task, index) => stopped(task, 30 + index, { deployment: 1 }));

/** What a reconciler records that knows these events alone. */
function recordedBy(news: readonly RewindEvent[], now: number): DecidedEvent[] {
  const known = [...opened, ...news];
  return withDecisions(known, { now: second(now), observed: shownService, policy })
    .slice(known.length)
    .filter((event): event is DecidedEvent => 'madeWith' in event);
}

const isOf = (type: DecidedEvent['type']) => (event: RewindEvent) => event.type === type;

describe('two reconcilers that know different events of a rollout (I2)', () => {
  it.each([
    ['two crashes and two others', crashes.slice(0, 2), crashes.slice(2)],
    ['crashes and a failure that ECS tells', crashes, [failed(1, 90)]],
    ['crashes and an end of the bake', crashes, [completed(1, 25)]],
  ])('reach their verdicts by %s, and write them under one key', (_, ones, others) => {
    const verdicts = [recordedBy(ones, 100), recordedBy(others, 1000)].map((decisions) =>
      decisions.find(isOf('VerdictReached')),
    ) as [DecidedEvent, DecidedEvent];
    expect(new Set(verdicts.map(positionOf)).size).toBe(2);
    expect(new Set(verdicts.map(logKeyOf)).size).toBe(1);
  });

  it('follow the one that stands in the log, whichever it is', () => {
    const all = [...crashes, failed(1, 90)];
    for (const known of [crashes.slice(0, 2), crashes.slice(2), [failed(1, 90)]]) {
      const recorded = recordedBy(known, 100).find(isOf('VerdictReached'));
      const events = recorded === undefined ? [] : [recorded];
      const { state } = foldOn(emptyFold(service), inOrder([...opened, ...all, ...events]), policy);
      const [live] = state.rollouts;
      expect(live?.recorded.verdict).toBe(true);
      expect(live?.context.verdict).toEqual((recorded as { verdict?: unknown } | undefined)?.verdict);
    }
  });
});
