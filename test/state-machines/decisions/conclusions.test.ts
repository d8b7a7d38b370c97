import { describe, expect, it } from 'vitest';
import type { RolloutConcluded } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { crashing } from '../judging';
import { observedService } from '../observed-service';
import { withDecisions } from '../situations';
import { completed, deploymentId, provenFirst, revision, running, second, started } from '../story';

const policy: Policy = { ...defaultPolicy, failureRule: 'percent' };
const observed = observedService({ active: [revision(1)] });

const decidedAt = (events: readonly RewindEvent[], at: number) =>
  withDecisions(events, { observed, now: second(at), policy });

/** The conclusions of deployment 1, or another, in the log. */
function conclusionsOf(events: readonly RewindEvent[], number = 1): RolloutConcluded[] {
  return events
    .filter((event): event is RolloutConcluded => event.type === 'RolloutConcluded')
    .filter(({ deployment }) => deployment === deploymentId(number));
}

describe('the conclusion of a rollout', () => {
  it('that passed says what it proves, in the words and at the time of the verdict', () => {
    const events = decidedAt(provenFirst, 400);
    const verdict = events.find((event) => event.type === 'VerdictReached');
    expect(conclusionsOf(events)).toMatchObject([
      {
        outcome: 'succeeded',
        reason: 'BakePassed',
        occurredAt: second(360),
        message: verdict?.verdict.message,
        proven: { taskDefinition: revision(1), serviceRevision: null, images: null },
      },
    ]);
  });

  it('in which nothing ran proves nothing', () => {
    const nothingRan = decidedAt([started(1, 0), completed(1, 60)], 400);
    expect(conclusionsOf(nothingRan)).toHaveLength(1);
    expect(conclusionsOf(nothingRan)[0]).not.toHaveProperty('proven');
  });

  it('without a verdict says how it ended, and stands where it did', () => {
    const superseded = decidedAt([started(1, 0), running('a1', 10, { deployment: 1 }), started(2, 500)], 510);
    expect(conclusionsOf(superseded)).toMatchObject([
      { outcome: 'superseded', message: 'superseded', occurredAt: second(500) },
    ]);
    expect(conclusionsOf(superseded)[0]).not.toHaveProperty('proven');
  });

  it('stands where a rollback has settled, behind the verdict', () => {
    const failed = [...decidedAt(provenFirst, 400), started(2, 1000), ...crashing];
    const back = [started(1, 1100, true), running('c1', 1110, { deployment: 1 }), completed(1, 1160)];
    const settled = decidedAt([...failed, ...back], 1200);
    expect(conclusionsOf(settled, 2)).toMatchObject([{ outcome: 'rolledBack', occurredAt: second(1160) }]);
  });

  it('follows the verdict on record where what ended it is known late, and lies before that', () => {
    const judged = decidedAt([started(2, 1000), ...crashing], 1050).filter(
      ({ type }) => type !== 'RolloutConcluded',
    );
    const ended = decidedAt([...judged, started(3, 1030)], 1060);
    expect(conclusionsOf(ended, 2)).toMatchObject([{ occurredAt: second(1045) }]);
  });
});
