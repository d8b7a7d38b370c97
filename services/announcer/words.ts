import type {
  RollbackActor,
  RollbackAdopted,
  RollbackIssued,
  RollbackRejected,
  RolloutConcluded,
  VerdictReached,
} from '../../state-machines/log/decided-events';
import type { Words } from './message';
import { nameOf, placeOf, subjectOf, type Telling } from './telling';

/** A failed, passed or inconclusive verdict, and what follows from it. */
export function wordsOfVerdict(telling: Telling<VerdictReached>): Words {
  const { result, message } = telling.event.verdict;
  const rollout = `the ${telling.rollout?.rollbackOf ? 'rollback' : 'rollout'} of ${subjectOf(telling)}`;
  switch (result) {
    case 'failed':
      return {
        headline: `${subjectOf(telling)} failed`,
        what: `${rollout} failed: ${message}.`,
        done: consequenceOf(telling),
      };
    case 'passed':
      return {
        headline: `${subjectOf(telling)} passed`,
        what: `${rollout} passed: ${message}.`,
        done: 'nothing is to be done.',
      };
    case 'inconclusive':
      return {
        headline: `${subjectOf(telling)} may be good or bad`,
        what: `whether ${rollout} is good cannot be told: ${message}.`,
        done: 'look at it before you rely on it.',
      };
    default:
      return result satisfies never;
  }
}

function consequenceOf({ rollout }: Telling): string {
  if (rollout === null) return 'see what Rewind decides next.';
  if (rollout.rollbackOf !== null) {
    return 'a rollback is never rolled back itself: somebody has to look at the service.';
  }
  const { rollback, policy } = rollout;
  if (rollback === null || rollback.target === null) {
    return 'there is no task definition that has proven itself here to go back to.';
  }
  const target = nameOf(rollback.target);
  if (rollback.by !== 'rewind') return `${actors[rollback.by]} already goes back to ${target}.`;
  return policy.mode === 'observe'
    ? `nothing: in observe mode Rewind writes nothing to ECS. It would go back to ${target}.`
    : `Rewind goes back to ${target}.`;
}

const actors: { readonly [actor in RollbackActor]: string } = {
  rewind: 'Rewind',
  ecs: 'ECS itself',
  operator: 'a person or tool',
};

export function wordsOfIssue(telling: Telling<RollbackIssued>): Words {
  const { target, method, rollbackDeployment } = telling.event;
  return {
    headline: `goes back to ${nameOf(target)}`,
    what: `the service goes back from ${subjectOf(telling)} to ${nameOf(target)}: ${causeOf(telling)}.`,
    done: `Rewind has called ${method}${rollbackDeployment === null ? '' : `, which made ${rollbackDeployment}`}, and watches the way back.`,
  };
}

export function wordsOfAdoption(telling: Telling<RollbackAdopted>): Words {
  const { by, target } = telling.event;
  const done =
    by === 'rewind'
      ? 'Rewind had asked for it, and the answer was lost; it watches the way back.'
      : 'Rewind writes nothing to ECS, and watches the way back.';
  return {
    headline: `goes back to ${nameOf(target)}`,
    what: `${actors[by]} takes the service back from ${subjectOf(telling)} to ${nameOf(target)}: ${causeOf(telling)}.`,
    done,
  };
}

/** ECS refused, or Rewind must not ask. */
export function wordsOfRejection(telling: Telling<RollbackRejected>): Words {
  const { reason, message } = telling.event;
  return {
    headline: `${subjectOf(telling)} could not be rolled back`,
    what: `${subjectOf(telling)} failed (${causeOf(telling)}) and could not be rolled back: ${reason}: ${message}.`,
    done: `nothing more is tried: ${subjectOf(telling)} is still deployed, and somebody has to look at it.`,
  };
}

/** The budget of rollbacks is spent. */
export function wordsOfFreeze(telling: Telling<RollbackRejected>): Words {
  return {
    headline: `frozen, ${subjectOf(telling)} stays`,
    what: `${subjectOf(telling)} failed (${causeOf(telling)}), but the service has had its rollbacks: ${telling.event.message}.`,
    done: `nothing: Rewind leaves ${placeOf(telling)} alone until they are a day old. Something deploys what does not work, again and again.`,
  };
}

export function wordsOfSettlement(telling: Telling<RolloutConcluded>): Words {
  const { rollout, event } = telling;
  const target = nameOf(rollout?.rollback?.target ?? null);
  if (event.outcome === 'rolledBack') {
    const by = rollout?.rollback ? `, by ${actors[rollout.rollback.by]}` : '';
    return {
      headline: `is back on ${target}`,
      what: `the service is back on ${target}${by}; ${subjectOf(telling)} had failed: ${causeOf(telling)}.`,
      done: `nothing more is to be done; ${subjectOf(telling)} will not be gone back to.`,
    };
  }
  const why = event.reason === 'DeadlineElapsed' ? 'did not settle in time' : 'failed as well';
  return {
    headline: `the rollback to ${target} failed`,
    what: `the way back from ${subjectOf(telling)} to ${target} ${why}.`,
    done: 'nothing more is tried: a rollback is never rolled back. Somebody has to look at the service now.',
  };
}

export function wordsOfMissingTarget(telling: Telling<RolloutConcluded>): Words {
  return {
    headline: `${subjectOf(telling)} failed, no safe target`,
    what: `${subjectOf(telling)} failed (${causeOf(telling)}), and there is nothing safe to go back to: ${telling.event.message}.`,
    done: `nothing was written to ECS: ${subjectOf(telling)} is still deployed, and somebody has to look at it.`,
  };
}

/** Every other end: of little interest to people, but to tools. */
export function wordsOfConclusion(telling: Telling<RolloutConcluded>): Words {
  const { outcome, message } = telling.event;
  const ended = outcome.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return {
    headline: `${subjectOf(telling)} ${ended}`,
    what: `the rollout of ${subjectOf(telling)} has ended: ${ended} (${message}).`,
    done: 'nothing is to be done.',
  };
}

/** Why it came to this: the verdict's sentence. */
function causeOf({ rollout }: Telling): string {
  return rollout?.verdict?.message ?? 'it failed';
}
