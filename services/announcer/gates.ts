import { formatInstant, formatInstantOrNull } from '../../state-machines/log/instant';
import type { GateAnswered, GateHeld, GateOvertaken } from '../../state-machines/log/traffic/gate-events';
import type { Detail } from './announcement-schema';
import type { AnnouncementText } from './announcement-text';
import { commonDetailOf } from './common-detail';
import { type DecisionInContext, releaseName, servicePath } from './decision-in-context';

/** What is told of a gate: people get what waits for them, and what nobody answered in time. */
export function announceGate({
  event,
  ...known
}: DecisionInContext<GateHeld | GateAnswered | GateOvertaken>) {
  switch (event.type) {
    case 'GateHeld': {
      const detail = heldGateDetail({ event, ...known });
      return { detailType: 'Rewind Gate Held', detail, isForPeople: true } as const;
    }
    case 'GateAnswered': {
      const detail = answeredGateDetail({ event, ...known });
      return { detailType: 'Rewind Gate Answered', detail, isForPeople: false } as const;
    }
    case 'GateOvertaken': {
      const detail = overtakenGateDetail({ event, ...known });
      const isForPeople = event.found === 'HOOK_TIMED_OUT';
      return { detailType: 'Rewind Gate Overtaken', detail, isForPeople } as const;
    }
    default:
      return event satisfies never;
  }
}

function heldGateDetail(decision: DecisionInContext<GateHeld>): Detail<'Rewind Gate Held'> {
  const { hookId, stage, reason, missing, expiresAt, occurredAt } = decision.event;
  return {
    ...commonDetailOf(decision, heldText(decision)),
    gate: {
      ...{ hookId, stage, reason, missing: [...missing] },
      at: formatInstant(occurredAt),
      expiresAt: formatInstantOrNull(expiresAt),
      commands: commandsFor(decision),
    },
  };
}

function answeredGateDetail(decision: DecisionInContext<GateAnswered>): Detail<'Rewind Gate Answered'> {
  const { hookId, stage, answeredAt, requestId } = decision.event;
  return {
    ...commonDetailOf(decision, answeredText(decision)),
    gate: { hookId, stage, answer: 'CONTINUE', requestId, at: formatInstant(answeredAt) },
  };
}

function overtakenGateDetail(decision: DecisionInContext<GateOvertaken>): Detail<'Rewind Gate Overtaken'> {
  const { hookId, stage, found, occurredAt } = decision.event;
  return {
    ...commonDetailOf(decision, overtakenText(decision)),
    gate: { hookId, stage, found, at: formatInstant(occurredAt) },
  };
}

function commandsFor(decision: DecisionInContext): { continue: string; rollback: string } {
  const path = servicePath(decision);
  return { continue: `rewind promote ${path}`, rollback: `rewind abort ${path}` };
}

function heldText(decision: DecisionInContext<GateHeld>): AnnouncementText {
  const { stage, missing, expiresAt } = decision.event;
  const commands = commandsFor(decision);
  const end =
    expiresAt === null
      ? ''
      : ` At ${formatInstant(expiresAt)} ECS itself ends the wait, as its hook declares.`;
  return {
    headline: `${releaseName(decision)} waits for you at ${stage}`,
    what: `ECS waits at ${stage} of ${releaseName(decision)}, and Rewind does not answer: ${missing.join('; ')}.`,
    done: `answer it: \`${commands.continue}\` lets the release go on, \`${commands.rollback}\` takes it back.${end}`,
  };
}

function answeredText(decision: DecisionInContext<GateAnswered>): AnnouncementText {
  const { stage } = decision.event;
  return {
    headline: `${releaseName(decision)} goes on from ${stage}`,
    what: `nothing speaks against ${releaseName(decision)}: Rewind has let ECS go on from ${stage}.`,
    done: 'nothing is to be done. Rewind goes on watching the rollout.',
  };
}

function overtakenText(decision: DecisionInContext<GateOvertaken>): AnnouncementText {
  const { stage, found } = decision.event;
  const isTimeout = found === 'HOOK_TIMED_OUT';
  const how = isTimeout
    ? 'nobody answered in time, and ECS did what the hook declares'
    : 'somebody else answered it';
  return {
    headline: `the gate of ${releaseName(decision)} at ${stage} ${isTimeout ? 'timed out' : 'was answered'}`,
    what: `ECS waits no longer at ${stage} of ${releaseName(decision)}: ${how}.`,
    done: 'Rewind writes nothing, and goes on watching the rollout.',
  };
}
