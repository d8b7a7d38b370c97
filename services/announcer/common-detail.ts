import { partsOfService } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import { positionOf } from '../../state-machines/log/position';
import type { Rollout } from '../../state-machines/rollout/rollout';
import type { CommonDetail } from './announcement-schema';
import type { AnnouncementText } from './announcement-text';
import { consoleUrlOf, type DecisionInContext } from './decision-in-context';
import { messageOf, shortened, subjectLineOf } from './message';

/** What the details of all decisions have. */
export function commonDetailOf(decision: DecisionInContext, text: AnnouncementText): CommonDetail {
  const { event, recordedAt, rollout } = decision;
  const { cluster, name } = partsOfService(event.service);
  return {
    // A position names an event within its stream only: one alarm may decide on several services at
    // once.
    id: `${event.service}#${positionOf(event)}`,
    service: event.service,
    cluster,
    serviceName: name,
    rollout: {
      deployment: event.deployment,
      startedAt: formatInstant(event.startedAt),
      taskDefinition: rollout?.taskDefinition ?? null,
      rollbackOf: rollout?.rollbackOf ?? null,
      mode: rollout?.policy.mode ?? null,
    },
    evidence: rollout === null ? null : evidenceDetail(rollout),
    decidedAt: formatInstant(recordedAt),
    digest: event.digest ?? null,
    subject: subjectLineOf(decision, text),
    message: messageOf(decision, text),
    console: consoleUrlOf(decision),
  };
}

function evidenceDetail({ evidence }: Rollout): NonNullable<CommonDetail['evidence']> {
  const { started, ran, failed, byClass, firstFailures } = evidence;
  return {
    started,
    ran,
    failed,
    byClass,
    firstFailures: firstFailures.map(({ task, taskClass, causeKind, container, exitCode, reason }) => ({
      task,
      class: taskClass,
      ...(causeKind === undefined ? {} : { cause: causeKind }),
      container,
      exitCode,
      reason: shortened(reason),
    })),
  };
}
