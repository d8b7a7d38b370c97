import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy as policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { crashing } from '../judging';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import { provenFirst, revision, running, second, service, started } from '../story';

/** ECS works on deployment 2 of revision 2, and shows nothing of a way back. */
const goingForward = observedService({
  deployments: [
    observedDeployment(2, { rolloutState: 'IN_PROGRESS', runningCount: 1, createdAt: second(1000) }),
  ],
  inProgress: { arn: 'service-deployment' },
  lastSuccessful: revision(1),
  active: [revision(1)],
});

/** What Rewind decides one after another, until it waits or calls ECS. */
function decisionsOn(told: readonly ObservedEvent[]): string[] {
  const proven = withDecisions(provenFirst, { observed: goingForward, now: second(400) });
  const events: RewindEvent[] = [...proven, ...told];
  const decisions: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    const { state } = foldOn(emptyFold(service), inOrder(events), policy);
    const now = second(1100);
    const situation = situationWith({ state, observed: goingForward, now, owner: 'one', policy });
    const decision = decide(situation);
    if (decision.action !== 'record') return [...decisions, decision.action];
    decisions.push(decision.event.type);
    events.push(decision.event);
  }
  return decisions;
}

describe('a rollout of which a stray notification tells that it is taken back', () => {
  const stray = started(1, 1000.2);

  it('is left alone while ECS shows it going forward', () => {
    const decisions = decisionsOn([started(2, 1000), running('b1', 1005, { deployment: 2 }), stray]);
    expect(decisions).not.toContain('RollbackRequested');
    expect(decisions.at(-1)).toBe('wait');
  });

  it('is taken back all the same when its tasks had failed before', () => {
    const late = started(1, 1050);
    const decisions = decisionsOn([started(2, 1000), ...crashing, late]);
    expect(decisions.slice(-2)).toEqual(['RollbackRequested', 'rollBack']);
  });
});
