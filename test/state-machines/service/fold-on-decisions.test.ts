import { describe, expect, it } from 'vitest';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import {
  completed,
  deleted,
  failed,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
  stopped,
} from '../story';

const observed = observedService({
  deployments: [1, 2].map((number) => observedDeployment(number, { rolloutState: 'IN_PROGRESS' })),
  active: [revision(1), revision(2)],
});
const policy: Policy = { ...defaultPolicy, failureRule: 'evidence' };

const decidedAt = (events: readonly RewindEvent[], at: number) =>
  withDecisions(events, { now: second(at), observed, policy });
const folded = (events: readonly RewindEvent[]) => foldOn(emptyFold(service), inOrder(events), policy);

/** Deployment 2 loses two tasks; until second 1390 it is waited for what replaces them. */
const losing: RewindEvent[] = [
  ...provenFirst,
  started(2, 1000),
  running('b1', 1020, { deployment: 2 }),
  running('b2', 1020, { deployment: 2 }),
  completed(2, 1060),
  stopped('b1', 1200, { deployment: 2, ranFrom: 1020 }),
  stopped('b2', 1240, { deployment: 2, ranFrom: 1020 }),
];

const opened = 'RolloutOpened';
const judged = 'VerdictReached';
const ended = 'RolloutConcluded';

describe('what is decided of the last event changes nothing in how that event is folded again,', () => {
  const failedSecond = [...provenFirst, started(2, 1000), failed(2, 1090)];

  it.each<[string, RewindEvent[], string[]]>([
    [
      'where ECS goes back to the deployment that is live',
      [...provenFirst, started(1, 100, true)],
      [ended, opened],
    ],
    [
      'where a start tips a verdict and ends the rollout',
      [...losing, started(3, 1390)],
      [judged, ended, opened],
    ],
    ['where the service is deleted', [...provenFirst, deleted(100)], [ended]],
    [
      'where a completion is the first that is told of a way back',
      [...failedSecond, completed(3, 1200)],
      [ended, opened],
    ],
    [
      'where a failure is the first that is told of a rollout',
      [failed(2, 100)],
      [opened, judged, 'RollbackAdopted'],
    ],
  ])('%s (I2)', (_, told, decided) => {
    const at = Math.max(...told.map(({ occurredAt }) => occurredAt - second(0))) / 1000;
    const known = [...decidedAt(told.slice(0, -1), at - 1), ...told.slice(-1)];
    const decisions = decidedAt(known, at + 1).slice(known.length);
    expect(decisions.map(({ type }) => type)).toEqual(decided);
    let kept = folded(known);
    decisions.forEach((decision, index) => {
      kept = foldOn(kept, [decision], policy);
      expect(kept.state).toEqual(folded([...known, ...decisions.slice(0, index + 1)]).state);
    });
  });
});

describe('a start by which ECS goes back to a deployment', () => {
  it('does not take the same deployment back, whenever that is recorded to have ended', () => {
    const known = decidedAt([...provenFirst, started(2, 200)], 201);
    const { rollouts } = folded([...known, started(1, 150, true)]).state;
    expect(rollouts.map(({ context }) => [context.startedAt, context.rollbackOf])).toEqual([
      [second(150), null],
      [second(200), null],
    ]);
  });
});
