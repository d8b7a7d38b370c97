import type {
  DecidedEvent,
  RollbackAdopted,
  RollbackIssued,
  RollbackRejected,
  RolloutConcluded,
  VerdictReached,
} from '../../state-machines/log/decided-events';
import { partsOfService } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import { positionOf } from '../../state-machines/log/position';
import type { Rollout } from '../../state-machines/rollout/rollout';
import type { CommonDetail, Detail, DetailType } from './announcement-schema';
import { messageOf, shortened, subjectLineOf, type Words } from './message';
import { consoleUrlOf, type Telling } from './telling';
import {
  wordsOfAdoption,
  wordsOfConclusion,
  wordsOfFreeze,
  wordsOfIssue,
  wordsOfMissingTarget,
  wordsOfRejection,
  wordsOfSettlement,
  wordsOfVerdict,
} from './words';

/** A decision as it is told to others. */
export type Announcement = {
  [Type in DetailType]: {
    readonly detailType: Type;
    readonly detail: Detail<Type>;
    /** Whether the topic gets it too: tools hear everything, people what failed and what came of it, each once. */
    readonly isForPeople: boolean;
  };
}[DetailType];

/** The types of decisions that are told. serverless.yml filters the table's stream by them. */
export const announcedTypes = [
  'VerdictReached',
  'RollbackIssued',
  'RollbackAdopted',
  'RollbackRejected',
  'RolloutConcluded',
] as const satisfies readonly DecidedEvent['type'][];

/** What is told of a decision; null for those that say nothing to others. Pure: the same decision is told in the same words. */
export function announce({ event, ...known }: Telling): Announcement | null {
  switch (event.type) {
    case 'VerdictReached':
      return announceVerdict({ event, ...known });
    case 'RollbackIssued':
      return announceIssue({ event, ...known });
    case 'RollbackAdopted':
      return announceAdoption({ event, ...known });
    case 'RollbackRejected':
      return announceRejection({ event, ...known });
    case 'RolloutConcluded':
      return announceConclusion({ event, ...known });
    default:
      return null;
  }
}

/** A rollback is a rollout too; how it ends is told as the end of the rollout that it takes back. */
function isRollback({ rollout }: Telling): boolean {
  return rollout !== null && rollout.rollbackOf !== null;
}

function announceVerdict(telling: Telling<VerdictReached>): Announcement {
  const { result, reason, message, at } = telling.event.verdict;
  return {
    detailType: 'Rewind Verdict Reached',
    detail: {
      ...commonOf(telling, wordsOfVerdict(telling)),
      verdict: { result, reason, message, at: formatInstant(at) },
      target: telling.rollout?.rollback?.target ?? null,
    },
    isForPeople: result !== 'passed' && !isRollback(telling),
  };
}

function announceIssue(telling: Telling<RollbackIssued>): Announcement {
  const { method, target, rollbackDeployment: deployment, requestId, issuedAt } = telling.event;
  return {
    detailType: 'Rewind Rollback Issued',
    detail: {
      ...commonOf(telling, wordsOfIssue(telling)),
      rollback: { method, target, deployment, requestId, at: formatInstant(issuedAt) },
    },
    isForPeople: true,
  };
}

function announceAdoption(telling: Telling<RollbackAdopted>): Announcement {
  const { by, target, rollbackDeployment: deployment, adoptedAt } = telling.event;
  return {
    detailType: 'Rewind Rollback Adopted',
    detail: {
      ...commonOf(telling, wordsOfAdoption(telling)),
      rollback: { by, target, deployment, at: formatInstant(adoptedAt) },
    },
    isForPeople: true,
  };
}

function announceRejection(telling: Telling<RollbackRejected>): Announcement {
  const { reason, message, rejectedAt } = telling.event;
  const isFrozen = reason === 'BudgetSpent';
  const words = isFrozen ? wordsOfFreeze(telling) : wordsOfRejection(telling);
  return {
    detailType: isFrozen ? 'Rewind Service Frozen' : 'Rewind Rollback Rejected',
    detail: { ...commonOf(telling, words), rejection: { reason, message, at: formatInstant(rejectedAt) } },
    isForPeople: true,
  };
}

function announceConclusion(telling: Telling<RolloutConcluded>): Announcement {
  const { outcome, reason, message } = telling.event;
  const { rollout } = telling;
  const conclusion = { outcome, reason, message };
  if (outcome === 'noSafeTarget') {
    const detail = { ...commonOf(telling, wordsOfMissingTarget(telling)), conclusion };
    return { detailType: 'Rewind No Safe Target', detail, isForPeople: true };
  }
  // Where nothing was issued there was no way back to settle: the rejection has been told.
  const isSettled = rollout?.rollback?.issuedAt != null && !isRollback(telling);
  if (isSettled && (outcome === 'rolledBack' || outcome === 'rollbackFailed')) {
    const { by, target, deployment } = rollout.rollback;
    return {
      detailType: 'Rewind Rollback Settled',
      detail: {
        ...commonOf(telling, wordsOfSettlement(telling)),
        conclusion: { ...conclusion, outcome },
        rollback: { by, target, deployment },
      },
      isForPeople: true,
    };
  }
  const detail = { ...commonOf(telling, wordsOfConclusion(telling)), conclusion };
  return { detailType: 'Rewind Rollout Concluded', detail, isForPeople: false };
}

function commonOf(telling: Telling, words: Words): CommonDetail {
  const { event, recordedAt, rollout } = telling;
  const { cluster, name } = partsOfService(event.service);
  return {
    // A position names an event within its stream only: one alarm may decide on several services at once.
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
    evidence: rollout === null ? null : evidenceOf(rollout),
    decidedAt: formatInstant(recordedAt),
    digest: event.digest ?? null,
    subject: subjectLineOf(telling, words),
    message: messageOf(telling, words),
    console: consoleUrlOf(telling),
  };
}

function evidenceOf({ evidence }: Rollout): NonNullable<CommonDetail['evidence']> {
  const { started, ran, failed, byClass, firstFailures } = evidence;
  return {
    started,
    ran,
    failed,
    byClass,
    firstFailures: firstFailures.map(({ task, taskClass, container, exitCode, reason }) => ({
      task,
      class: taskClass,
      container,
      exitCode,
      reason: shortened(reason),
    })),
  };
}
