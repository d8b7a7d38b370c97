import type {
  DecidedEvent,
  RolloutConcluded,
  RolloutOpened,
  VerdictReached,
} from '../../../state-machines/events';
import { type Instant, shortTaskDefinition } from '../../../state-machines/identifiers';
import type { Moment, Tone } from './moment';

/** What Rewind decided, in a sentence. `name` says what the rollout's deployment runs. Null where another decision says it all. */
export function tellDecision(event: DecidedEvent, name: () => string): Moment | null {
  switch (event.type) {
    case 'RolloutOpened':
      return rewind(event.occurredAt, 'plain', () => openingSentence(event, name()));
    case 'VerdictReached':
      return rewind(event.verdict.at, toneOf(event), () => verdictSentence(event, name()));
    case 'RollbackRequested':
      return rewind(event.requestedAt, 'plain', () => {
        const again = event.attempt === 1 ? '' : `, attempt ${event.attempt}`;
        return `wants the service back on ${shortTaskDefinition(event.target)}${again}`;
      });
    case 'RollbackIssued':
      return rewind(event.issuedAt, 'plain', () => `called ${event.method}; ECS accepted it`);
    case 'RollbackAdopted': {
      const sentence = `adopts the rollback by ${event.by === 'ecs' ? 'ECS' : event.by}: nothing is written to ECS`;
      return rewind(event.adoptedAt, 'plain', () => sentence);
    }
    case 'RollbackRejected':
      return rewind(event.rejectedAt, 'bad', () => `cannot roll back: ${event.reason}: ${event.message}`);
    case 'RolloutConcluded':
      return rewind(event.occurredAt, toneOfOutcome(event), () => conclusionSentence(event, name()));
    case 'DeadlineElapsed':
      return rewind(event.occurredAt, 'plain', () => `the deadline of ${name()} has passed`);
    case 'BakeElapsed':
      return null;
    default:
      return event satisfies never;
  }
}

function rewind(at: Instant, tone: Tone, tell: () => string): Moment {
  return { at, who: 'Rewind', tone, kind: null, tell };
}

function openingSentence({ stable, rollbackOf, policy }: RolloutOpened, name: string): string {
  if (rollbackOf !== null) return `watches the way back to ${name} as well`;
  const mode = policy.mode === 'observe' ? ', and observes only' : '';
  const back =
    stable === null ? 'nothing has proven itself here yet' : `stable is ${shortTaskDefinition(stable)}`;
  return `watches the rollout of ${name}; ${back}${mode}`;
}

function verdictSentence({ verdict }: VerdictReached, name: string): string {
  return `verdict on ${name}: ${verdict.result} (${verdict.reason}): ${verdict.message}`;
}

function toneOf({ verdict }: VerdictReached): Tone {
  if (verdict.result === 'inconclusive') return 'plain';
  return verdict.result === 'passed' ? 'good' : 'bad';
}

const conclusions = {
  succeeded: (name) => `${name} is stable now`,
  rolledBack: (name) => `the rollout of ${name} is over: rolledBack`,
  rollbackFailed: (name) => `the rollout of ${name} is over: rollbackFailed`,
  superseded: (name) => `the rollout of ${name} is over: a newer deployment took its place`,
  noSafeTarget: (name) => `the rollout of ${name} failed, and there is nothing safe to go back to`,
  notEnforced: (name) => `the rollout of ${name} is over: notEnforced, nobody took it back`,
  abandoned: () => 'the service is gone',
} as const satisfies { readonly [outcome in RolloutConcluded['outcome']]: (name: string) => string };

function conclusionSentence({ outcome }: RolloutConcluded, name: string): string {
  return conclusions[outcome](name);
}

function toneOfOutcome({ outcome }: RolloutConcluded): Tone {
  if (outcome === 'superseded' || outcome === 'abandoned') return 'plain';
  return outcome === 'succeeded' || outcome === 'rolledBack' ? 'good' : 'bad';
}
