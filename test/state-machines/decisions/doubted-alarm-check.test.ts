import { expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import { alarm, completed, provenFirst, revision, running, second, service, started } from '../story';

const policy: Policy = { ...defaultPolicy, failureRule: 'evidence', alarms: ['errors'] };

/** ECS has completed deployment 2 of revision 2. */
const observed = observedService({
  desiredCount: 1,
  deployments: [observedDeployment(2, { runningCount: 1, createdAt: second(200_000) })],
  lastSuccessful: revision(2),
  earlierSuccessful: [revision(1)],
  active: [revision(1), revision(2)],
});

it('fails a rollout at the end of its bake by a doubted alarm that has lasted and of which no notification told', () => {
  const raisedBefore = [alarm('errors', 150_000, ['OK', 'ALARM']), alarm('errors', 150_060, ['ALARM', 'OK'])];
  const release = [started(2, 200_000), running('b1', 200_020, { deployment: 2 }), completed(2, 200_060)];
  const events: RewindEvent[] = [
    ...withDecisions(provenFirst, { observed, now: second(400) }),
    ...raisedBefore,
    ...release,
  ];
  const alarms = [{ alarm: 'errors', state: 'ALARM', since: second(200_030) }];
  const recorded: string[] = [];
  for (let step = 0; step < 8; step += 1) {
    const { state } = foldOn(emptyFold(service), inOrder(events), policy);
    const now = second(200_400);
    const decision = decide(situationWith({ state, now, owner: 'one', observed, policy, alarms }));
    if (decision.action !== 'record') break;
    recorded.push(decision.event.type);
    events.push(decision.event);
  }
  expect(recorded.slice(0, 3)).toEqual(['RolloutOpened', 'AlarmsChecked', 'VerdictReached']);
});
