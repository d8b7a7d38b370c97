import type { RewindEvent } from '../../state-machines/log/events';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { defaultPolicy } from '../../state-machines/log/policy';
import { emptyFold, type Fold, foldOn } from '../../state-machines/service/fold';
import { withDecisions } from '../state-machines/situations';
import { provenFirst, running, second, service, started, stopped } from '../state-machines/story';
import { crashingRollout, describeDeployments, describeHistory } from './toy-ecs';

/** What a reconciler had folded when the second task stopped. */
export const failingFold: Fold = foldOn(emptyFold(service), failingLog(), defaultPolicy);

/**
 * The log of a service whose first revision has proved itself and whose second one has just failed
 * for the second time: what follows is up to the reconcilers.
 */
function failingLog(): readonly RewindEvent[] {
  const observed = (): ObservedService => ({
    ...describeHistory(crashingRollout),
    ...describeDeployments(crashingRollout),
  });
  const proven = withDecisions([...provenFirst], { now: second(400), observed: observed() });
  const opened = withDecisions(
    [
      ...proven,
      started(2, 500),
      running('b1', 510, { deployment: 2 }),
      running('b2', 511, { deployment: 2 }),
    ],
    { now: second(520), observed: observed() },
  );
  return [...opened, stopped('b1', 530, { deployment: 2 }), stopped('b2', 531, { deployment: 2 })].sort(
    (a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1),
  );
}
