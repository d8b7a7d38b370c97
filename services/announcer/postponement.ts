import type { SuspicionLifted, VerdictPostponed } from '../../state-machines/log/decided-events';
import { formatInstant } from '../../state-machines/log/instant';
import { postponementSentence } from '../sentences/rollout-words';
import type { Detail } from './announcement-schema';
import type { AnnouncementText } from './announcement-text';
import { commonDetailOf } from './common-detail';
import { type DecisionInContext, isToldWithAnother, releaseName } from './decision-in-context';

/** What is told of a verdict that waits, and when that is over without one. */
export function announcePostponement({
  event,
  ...known
}: DecisionInContext<VerdictPostponed | SuspicionLifted>) {
  const isForPeople = !isToldWithAnother({ event, ...known });
  if (event.type === 'VerdictPostponed') {
    const detail = postponementDetail({ event, ...known });
    return { detailType: 'Rewind Verdict Postponed', detail, isForPeople } as const;
  }
  const detail = liftingDetail({ event, ...known });
  return { detailType: 'Rewind Suspicion Lifted', detail, isForPeople } as const;
}

function postponementDetail(
  decision: DecisionInContext<VerdictPostponed>,
): Detail<'Rewind Verdict Postponed'> {
  const { reason, occurredAt, until } = decision.event;
  const { ratio = null, neededRatio = null } = decision.rollout?.weighed ?? {};
  const [since, latest] = [formatInstant(occurredAt), formatInstant(until)];
  return {
    ...commonDetailOf(decision, postponementText(decision)),
    postponement: { because: reason, since, until: latest, ratio, neededRatio },
  };
}

function liftingDetail(decision: DecisionInContext<SuspicionLifted>): Detail<'Rewind Suspicion Lifted'> {
  return {
    ...commonDetailOf(decision, liftingText(decision)),
    lifting: { at: formatInstant(decision.event.occurredAt) },
  };
}

/** Enough speaks against the rollout, and something else may be to blame. */
function postponementText(decision: DecisionInContext<VerdictPostponed>): AnnouncementText {
  const { reason, occurredAt, until } = decision.event;
  const { failed = 0, started = 0 } = decision.rollout?.evidence ?? {};
  return {
    headline: `${releaseName(decision)} is suspected, the verdict waits`,
    what: `since ${formatInstant(occurredAt)} enough speaks against ${releaseName(decision)} (${failed} of ${started} started tasks failed), but something else may be to blame: ${postponementSentence(reason)}.`,
    done: `Rewind waits until ${formatInstant(until)} at the latest. The rollout fails then, or before, unless its tasks recover. If you know that the release is to blame, take it back yourself.`,
  };
}

/** The suspicion is over without a verdict. */
function liftingText(decision: DecisionInContext<SuspicionLifted>): AnnouncementText {
  return {
    headline: `${releaseName(decision)} is not suspected any more`,
    what: `since ${formatInstant(decision.event.occurredAt)} no more speaks against ${releaseName(decision)} than against any release of the service: its tasks have recovered.`,
    done: 'nothing is to be done. Rewind goes on watching the rollout.',
  };
}
