import type {
  PassRevoked,
  RollbackActor,
  RollbackAdopted,
  RollbackIssued,
  RollbackRejected,
  RolloutConcluded,
  SightLost,
  VerdictReached,
} from '../../state-machines/log/decided-events';
import { formatInstant } from '../../state-machines/log/instant';
import { isRollback } from '../../state-machines/rollout/rollout-context';
import { revisionWords } from '../sentences/revision-words';
import {
  type DecisionInContext,
  releaseName,
  rolloutName,
  servicePath,
  taskDefinitionName,
} from './decision-in-context';

/** What a decision means, in text: a headline, what happened, what is done about it. */
export interface AnnouncementText {
  /** Without the service, which stands at the start of an e-mail's subject. */
  readonly headline: string;
  readonly what: string;
  readonly done: string;
}

/** A failed, passed or inconclusive verdict, and what follows from it. */
export function verdictText(decision: DecisionInContext<VerdictReached | PassRevoked>): AnnouncementText {
  const { result, message } = decision.event.verdict;
  const rollout = rolloutName(decision);
  switch (result) {
    case 'failed':
      return {
        headline: `${releaseName(decision)} failed`,
        what: `${rollout} failed${isAgain(decision) ? ', as it did when it was last judged here' : ''}: ${message}.`,
        done: consequenceOf(decision),
      };
    case 'passed':
      return {
        headline: `${releaseName(decision)} passed`,
        what: `${rollout} passed: ${message}.`,
        done: 'nothing is to be done.',
      };
    case 'inconclusive':
      return {
        headline: `${releaseName(decision)} may be good or bad`,
        what: `whether ${rollout} is good cannot be told: ${message}.`,
        done: 'look at it before you rely on it.',
      };
    default:
      return result satisfies never;
  }
}

/** Somebody deployed again what had failed here. */
function isAgain({ rollout }: DecisionInContext): boolean {
  return rollout !== null && !isRollback(rollout) && rollout.hasFailedBefore;
}

function consequenceOf({ rollout }: DecisionInContext): string {
  if (rollout === null) return 'see what Rewind decides next.';
  if (isRollback(rollout)) {
    return 'a rollback is never rolled back itself: somebody has to look at the service.';
  }
  const { rollback, policy, recorded } = rollout;
  if (recorded.isOpenedUnseen) {
    return 'ECS cannot be asked at the moment. Rewind goes on when ECS answers.';
  }
  if (rollback === null || rollback.target === null) {
    return 'there is no task definition that has proven itself here to go back to.';
  }
  const target = taskDefinitionName(rollback.target);
  if (rollback.by !== 'rewind') return `${actorNames[rollback.by]} already goes back to ${target}.`;
  return policy.mode === 'observe'
    ? `nothing: in observe mode Rewind writes nothing to ECS. It would go back to ${target}.`
    : `Rewind goes back to ${target}.`;
}

const actorNames: { readonly [actor in RollbackActor]: string } = {
  rewind: 'Rewind',
  ecs: 'ECS itself',
  operator: 'a person or tool',
};

/** AWS has not answered for an hour. */
export function lostSightText(decision: DecisionInContext<SightLost>): AnnouncementText {
  const { since, because } = decision.event;
  const hasFailed = decision.rollout?.verdict?.result === 'failed';
  return {
    headline: `Rewind cannot see ${releaseName(decision)}`,
    what: `AWS has not answered since ${formatInstant(since)}: ${because}.${hasFailed ? ` ${releaseName(decision)} has failed.` : ''}`,
    done: 'Rewind tries again every few minutes. Until AWS answers it takes nothing back: look at the service yourself.',
  };
}

/** ECS accepted the call that takes the service back. */
export function issueText(decision: DecisionInContext<RollbackIssued>): AnnouncementText {
  const { target, method, rollbackDeployment, copy } = decision.event;
  const byCopy =
    copy === undefined
      ? ''
      : ` It runs a copy, ${taskDefinitionName(copy)}, pinned to the images that ran: ${taskDefinitionName(target)} is INACTIVE, or its tags have moved.`;
  return {
    headline: `goes back to ${taskDefinitionName(target)}`,
    what: `the service goes back from ${releaseName(decision)} to ${taskDefinitionName(target)}${revisionWords(decision.event)}: ${causeOf(decision)}.`,
    done: `Rewind has called ${method}${rollbackDeployment === null ? '' : `, which made ${rollbackDeployment}`}, and watches the way back.${byCopy}`,
  };
}

/** The service was on its way back already. */
export function adoptionText(decision: DecisionInContext<RollbackAdopted>): AnnouncementText {
  const { by, target } = decision.event;
  const done =
    by === 'rewind'
      ? 'Rewind had asked for it, and the answer was lost; it watches the way back.'
      : 'Rewind writes nothing to ECS, and watches the way back.';
  return {
    headline: `goes back to ${taskDefinitionName(target)}`,
    what: `${actorNames[by]} takes the service back from ${releaseName(decision)} to ${taskDefinitionName(target)}${revisionWords(decision.event)}: ${causeOf(decision)}.`,
    done,
  };
}

/** ECS refused, or Rewind may not ask. */
export function rejectionText(decision: DecisionInContext<RollbackRejected>): AnnouncementText {
  const { reason, message } = decision.event;
  return {
    headline: `${releaseName(decision)} could not be rolled back`,
    what: `${releaseName(decision)} failed (${causeOf(decision)}) and could not be rolled back: ${reason}: ${message}.`,
    done: `nothing more is tried: ${releaseName(decision)} is still deployed, and somebody has to look at it.`,
  };
}

/** The budget of rollbacks is spent. */
export function freezeText(decision: DecisionInContext<RollbackRejected>): AnnouncementText {
  return {
    headline: `frozen, ${releaseName(decision)} stays`,
    ...(decision.event.reason === 'Frozen' ? frozenByOperator(decision) : budgetSpent(decision)),
  };
}

function frozenByOperator(decision: DecisionInContext<RollbackRejected>): Omit<AnnouncementText, 'headline'> {
  return {
    what: `${releaseName(decision)} failed (${causeOf(decision)}), but ${decision.event.message}.`,
    done: `nothing: ${servicePath(decision)} still runs what failed. \`rewind unfreeze\` lifts the freeze, \`rewind rollback\` goes back.`,
  };
}

function budgetSpent(decision: DecisionInContext<RollbackRejected>): Omit<AnnouncementText, 'headline'> {
  return {
    what: `${releaseName(decision)} failed (${causeOf(decision)}), but the service has had its rollbacks: ${decision.event.message}.`,
    done: `nothing: Rewind leaves ${servicePath(decision)} alone until they are a day old. Something deploys what does not work, again and again.`,
  };
}

/** The way back has ended, well or badly. */
export function settlementText(decision: DecisionInContext<RolloutConcluded>): AnnouncementText {
  const { rollout, event } = decision;
  const target = taskDefinitionName(rollout?.rollback?.target ?? null);
  if (event.outcome === 'rolledBack') {
    const by = rollout?.rollback ? `, by ${actorNames[rollout.rollback.by]}` : '';
    return {
      headline: `is back on ${target}`,
      what: `the service is back on ${target}${by}; ${releaseName(decision)} had failed: ${causeOf(decision)}.`,
      done: `nothing more is to be done; ${releaseName(decision)} will not be gone back to.`,
    };
  }
  const why = event.reason === 'DeadlineElapsed' ? 'did not settle in time' : 'failed as well';
  return {
    headline: `the rollback to ${target} failed`,
    what: `the way back from ${releaseName(decision)} to ${target} ${why}.`,
    done: 'nothing more is tried: a rollback is never rolled back. Somebody has to look at the service now.',
  };
}

/** No revision has proven itself here. */
export function missingTargetText(decision: DecisionInContext<RolloutConcluded>): AnnouncementText {
  return {
    headline: `${releaseName(decision)} failed, no safe target`,
    what: `${releaseName(decision)} failed (${causeOf(decision)}), and there is nothing safe to go back to: ${decision.event.message}.`,
    done: `nothing was written to ECS: ${releaseName(decision)} is still deployed, and somebody has to look at it.`,
  };
}

/** Any other end: it matters to tools, and little to people. */
export function conclusionText(decision: DecisionInContext<RolloutConcluded>): AnnouncementText {
  const { outcome, message } = decision.event;
  const ended = outcome.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return {
    headline: `${releaseName(decision)} ${ended}`,
    what: `${rolloutName(decision)} has ended: ${ended} (${message}).`,
    done: 'nothing is to be done.',
  };
}

/** The verdict's sentence. */
function causeOf({ rollout }: DecisionInContext): string {
  return rollout?.verdict?.message ?? 'it failed';
}
