import { describe, expect, it } from 'vitest';
import type { RolloutConcluded, VerdictReached } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { positionOf } from '../../../state-machines/log/position';
import { replay } from '../../../state-machines/replay/replay';
import { contradicts, emptyFold, foldOn, foldSettling, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import {
  alarm,
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
} from '../story';

const policy: Policy = { ...defaultPolicy, alarms: ['errors'], bakeSeconds: 0 };
const observed = observedService({
  deployments: [observedDeployment(2, { rolloutState: 'IN_PROGRESS', createdAt: second(1000) })],
  inProgress: { arn: 'service-deployment' },
  active: [revision(1)],
});
const alarms = [{ alarm: 'errors', state: 'OK', since: second(0) }];
const decidedAt = (events: readonly RewindEvent[], at: number) =>
  withDecisions(events, { now: second(at), observed, policy, alarms });
const folded = (events: readonly RewindEvent[]) => foldOn(emptyFold(service), inOrder(events), policy);

const opened = decidedAt([...provenFirst, started(2, 1000), running('b1', 1020, { deployment: 2 })], 1025);
const next = started(3, 1100);
const raised = alarm('errors', 1110, ['OK', 'ALARM']);

/** The last decision of a kind on the second rollout, by a process that knows these events. */
function decisionOf<Type extends RewindEvent['type']>(type: Type, known: readonly RewindEvent[]) {
  const isIt = (event: RewindEvent): event is Extract<RewindEvent, { type: Type }> =>
    event.type === type && 'deployment' in event && event.deployment === deploymentId(2);
  return decidedAt([...opened, ...known], 1200).findLast(isIt);
}

const conclusion = decisionOf('RolloutConcluded', [next]) as RolloutConcluded;

/** What another process knows, and that reaches a verdict of its own by it. */
const verdicts = [
  ['a failure', 'failed', [raised]],
  ['the end of a bake', 'passed', [completed(2, 1150)]],
] as const;
const verdictBy = (known: readonly RewindEvent[]) => decisionOf('VerdictReached', known) as VerdictReached;

describe('a verdict of a process that does not know the conclusion of another', () => {
  it.each(verdicts)(
    'by %s stands in a replay, and the rollout ends as it was concluded (I2)',
    (_, result, known) => {
      const verdict = verdictBy(known);
      expect(positionOf(conclusion) < positionOf(verdict)).toBe(true);
      const log = [...opened, next, ...known, conclusion, verdict];
      const rollouts = replay(log, { policy, until: second(1300) });
      const rollout = rollouts.find(({ deployment }) => deployment === deploymentId(2));
      expect(rollout).toMatchObject({ outcome: 'superseded', verdict: { result } });
      expect(rollout?.verdict).toEqual(verdict.verdict);
    },
  );

  it.each(verdicts)(
    'by %s contradicts a fold that has let the rollout go, or has ended it by itself',
    (_, _result, known) => {
      const verdict = verdictBy(known);
      expect(contradicts([verdict], folded([...opened, next, conclusion]))).toBe(true);
      expect(contradicts([verdict], folded([...opened, next]))).toBe(true);
      expect(contradicts([verdict], folded(opened))).toBe(false);
      expect(contradicts([verdict], emptyFold(service))).toBe(false);
    },
  );

  it.each(verdicts)(
    'by %s is folded on with it, however long the rollout is that settles meanwhile (I2)',
    (_, _result, known) => {
      const verdict = verdictBy(known);
      const at = (milliseconds: number) => (verdict.occurredAt - second(0) + milliseconds) / 1000;
      const tasks = Array.from({ length: 300 }, (_task, index) =>
        running(`p${index}`, 1030 + index / 10, { deployment: 2 }),
      );
      const soon = running('c1', at(10_000), { deployment: 3, revision: 3 });
      const log = inOrder([...opened, ...tasks, next, ...known, conclusion, verdict, soon]);
      const { settled, recent } = foldSettling(emptyFold(service), log, policy);
      expect(recent).toContain(verdict);
      const news = running('c2', at(20_000), { deployment: 3, revision: 3 });
      const kept = foldSettling(settled, [...recent, news], policy).fold;
      expect(kept.state).toEqual(folded([...log, news]).state);
    },
  );
});
