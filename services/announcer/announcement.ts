import type {
  DeadlineElapsed,
  DecidedEvent,
  PassRevoked,
  RollbackAdopted,
  RollbackIssued,
  RollbackRejected,
  RolloutConcluded,
  SightLost,
  VerdictReached,
} from '../../state-machines/log/decided-events';
import { formatInstant } from '../../state-machines/log/instant';
import type { Rollback } from '../../state-machines/rollout/rollout';
import type { Detail, DetailType, SettledOutcome } from './announcement-schema';
import {
  adoptionText,
  conclusionText,
  freezeText,
  issueText,
  lostSightText,
  missingTargetText,
  rejectionText,
  settlementText,
  verdictText,
} from './announcement-text';
import { commonDetailOf } from './common-detail';
import { type DecisionInContext, isToldWithAnother } from './decision-in-context';
import { announceGate } from './gates';
import { overdueDetail } from './overdue';
import { announcePostponement } from './postponement';

/** A decision as others see it. */
export type Announcement = {
  [Type in DetailType]: {
    readonly detailType: Type;
    readonly detail: Detail<Type>;
    /**
     * Whether the topic gets it too. Tools get everything; people get a failure and its end, once.
     */
    readonly isForPeople: boolean;
  };
}[DetailType];

/**
 * The types of decisions that are announced, and that a rollout is overdue beside them.
 * serverless.yml filters the table's stream by how their ids end.
 */
export const announcedTypes = [
  'VerdictReached',
  'PassRevoked',
  'RollbackIssued',
  'RollbackAdopted',
  'RollbackRejected',
  'RolloutConcluded',
  'SightLost',
  'VerdictPostponed',
  'SuspicionLifted',
  'GateHeld',
  'GateAnswered',
  'GateOvertaken',
] as const satisfies readonly DecidedEvent['type'][];

/** The announcement of a decision; null for a decision that concerns nobody else. Pure. */
export function announce({ event, ...known }: DecisionInContext): Announcement | null {
  switch (event.type) {
    case 'VerdictReached':
    case 'PassRevoked':
      return announceVerdict({ event, ...known });
    case 'RollbackIssued':
      return announceIssue({ event, ...known });
    case 'RollbackAdopted':
      return announceAdoption({ event, ...known });
    case 'RollbackRejected':
      return announceRejection({ event, ...known });
    case 'RolloutConcluded':
      return announceConclusion({ event, ...known });
    case 'DeadlineElapsed':
      return announceOverdue({ event, ...known });
    case 'SightLost':
      return announceLostSight({ event, ...known });
    case 'VerdictPostponed':
    case 'SuspicionLifted':
      return announcePostponement({ event, ...known });
    case 'GateHeld':
    case 'GateAnswered':
    case 'GateOvertaken':
      return announceGate({ event, ...known });
    case 'GateDecided':
    case 'TestBegun':
    case 'TestEnded':
    case 'RolloutOpened':
    case 'AnalysisPlanned':
    case 'MeasurementTaken':
    case 'AlarmsChecked':
    case 'BakeElapsed':
    case 'StallElapsed':
    case 'HoldElapsed':
    case 'RollbackRequested':
      return null;
    default:
      return event satisfies never;
  }
}

function announceVerdict(decision: DecisionInContext<VerdictReached | PassRevoked>): Announcement {
  const { result, reason, message, at, revokes } = decision.event.verdict;
  return {
    detailType: 'Rewind Verdict Reached',
    detail: {
      ...commonDetailOf(decision, verdictText(decision)),
      verdict: {
        result,
        reason,
        message,
        at: formatInstant(at),
        ...(revokes === undefined ? {} : { revokes: formatInstant(revokes.at) }),
      },
      target: decision.rollout?.rollback?.target ?? null,
    },
    isForPeople: result !== 'passed' && !isToldWithAnother(decision),
  };
}

function announceOverdue(decision: DecisionInContext<DeadlineElapsed>): Announcement | null {
  const detail = overdueDetail(decision);
  if (detail === null) return null;
  return { detailType: 'Rewind Rollout Overdue', detail, isForPeople: !isToldWithAnother(decision) };
}

function announceLostSight(decision: DecisionInContext<SightLost>): Announcement {
  const { since, because, occurredAt } = decision.event;
  return {
    detailType: 'Rewind Sight Lost',
    detail: {
      ...commonDetailOf(decision, lostSightText(decision)),
      silence: { since: formatInstant(since), because, at: formatInstant(occurredAt) },
    },
    isForPeople: true,
  };
}

function announceIssue(decision: DecisionInContext<RollbackIssued>): Announcement {
  const { method, target, rollbackDeployment: deployment, requestId, issuedAt } = decision.event;
  return {
    detailType: 'Rewind Rollback Issued',
    detail: {
      ...commonDetailOf(decision, issueText(decision)),
      rollback: {
        method,
        target,
        ...revisionOf(decision.event),
        deployment,
        requestId,
        at: formatInstant(issuedAt),
      },
    },
    isForPeople: true,
  };
}

function announceAdoption(decision: DecisionInContext<RollbackAdopted>): Announcement {
  const { by, target, rollbackDeployment: deployment, adoptedAt } = decision.event;
  return {
    detailType: 'Rewind Rollback Adopted',
    detail: {
      ...commonDetailOf(decision, adoptionText(decision)),
      rollback: { by, target, ...revisionOf(decision.event), deployment, at: formatInstant(adoptedAt) },
    },
    isForPeople: true,
  };
}

function announceRejection(decision: DecisionInContext<RollbackRejected>): Announcement {
  const { reason, message, rejectedAt } = decision.event;
  const isFrozen = reason === 'BudgetSpent' || reason === 'Frozen';
  const text = isFrozen ? freezeText(decision) : rejectionText(decision);
  return {
    detailType: isFrozen ? 'Rewind Service Frozen' : 'Rewind Rollback Rejected',
    detail: {
      ...commonDetailOf(decision, text),
      rejection: { reason, message, at: formatInstant(rejectedAt) },
    },
    isForPeople: true,
  };
}

function announceConclusion(decision: DecisionInContext<RolloutConcluded>): Announcement {
  const { outcome } = decision.event;
  switch (outcome) {
    case 'noSafeTarget':
      return {
        detailType: 'Rewind No Safe Target',
        detail: {
          ...commonDetailOf(decision, missingTargetText(decision)),
          conclusion: conclusionOf(decision.event),
        },
        isForPeople: true,
      };
    case 'rolledBack':
    case 'rollbackFailed':
      return announceSettlement(decision, outcome) ?? announceEnd(decision);
    case 'succeeded':
    case 'superseded':
    case 'notEnforced':
    case 'abandoned':
      return announceEnd(decision);
    default:
      return outcome satisfies never;
  }
}

/** Null where nothing was issued: no way back had to settle, and the rejection was announced. */
function announceSettlement(
  decision: DecisionInContext<RolloutConcluded>,
  outcome: SettledOutcome,
): Announcement | null {
  const rollback = decision.rollout?.rollback ?? null;
  if (rollback === null || rollback.issuedAt === null || isToldWithAnother(decision)) return null;
  const { by, target, deployment } = rollback;
  return {
    detailType: 'Rewind Rollback Settled',
    detail: {
      ...commonDetailOf(decision, settlementText(decision)),
      conclusion: { ...conclusionOf(decision.event), outcome },
      rollback: { by, target, ...revisionOf(rollback), deployment },
    },
    isForPeople: true,
  };
}

function announceEnd(decision: DecisionInContext<RolloutConcluded>): Announcement {
  const detail = {
    ...commonDetailOf(decision, conclusionText(decision)),
    conclusion: conclusionOf(decision.event),
  };
  return { detailType: 'Rewind Rollout Concluded', detail, isForPeople: false };
}

/** Older logs tell neither, nor does ECS always. */
function revisionOf({ serviceRevision, images }: Partial<Pick<Rollback, 'serviceRevision' | 'images'>>) {
  return {
    serviceRevision: serviceRevision ?? null,
    images: images === undefined || images === null ? null : { ...images },
  };
}

function conclusionOf({ outcome, reason, message }: RolloutConcluded) {
  return { outcome, reason, message };
}
