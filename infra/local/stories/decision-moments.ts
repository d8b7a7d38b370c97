import type {
  DecidedEvent,
  RolloutConcluded,
  RolloutOpened,
  VerdictReached,
} from '../../../state-machines/log/decided-events';
import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Moment, Tone } from './moment';

/** The rollout that a decision is about. */
export interface Decided {
  /** What its deployment runs, in short. */
  readonly name: () => string;
  /** What was known when Rewind took it up; null when that is not known, or it takes another back. */
  readonly opening: RolloutOpened | null;
}

/** What Rewind decided, in a sentence; nothing where another decision says it all. */
export function tellDecision(event: DecidedEvent, { name, opening }: Decided): Moment[] {
  switch (event.type) {
    case 'RolloutOpened':
      return rewind(event.occurredAt, 'plain', () => openingSentence(event, name()));
    case 'VerdictReached':
      return [
        ...rewind(event.verdict.at, toneOf(event), () => verdictSentence(event, name())),
        ...observation(event, opening),
      ];
    case 'RollbackRequested':
      return rewind(event.requestedAt, 'plain', () => {
        const again = event.attempt === 1 ? '' : `, attempt ${event.attempt}`;
        return `requests the rollback to ${shortTaskDefinition(event.target)}${again}`;
      });
    case 'RollbackIssued':
      return rewind(event.issuedAt, 'plain', () => `calls ${event.method}: ECS accepts it`);
    case 'RollbackAdopted': {
      const by = event.by === 'ecs' ? 'ECS' : event.by;
      return rewind(
        event.adoptedAt,
        'plain',
        () => `adopts the rollback by ${by}: nothing is written to ECS`,
      );
    }
    case 'RollbackRejected':
      return rewind(event.rejectedAt, 'bad', () => `cannot roll back: ${event.reason}: ${event.message}`);
    case 'RolloutConcluded':
      return rewind(event.occurredAt, toneOfOutcome(event), () => conclusions[event.outcome](name()));
    case 'DeadlineElapsed':
      return rewind(event.occurredAt, 'plain', () => `the deadline of ${name()} has passed`);
    case 'AlarmsChecked':
    case 'BakeElapsed':
      return [];
    default:
      return event satisfies never;
  }
}

function rewind(at: Instant, tone: Tone, tell: () => string): Moment[] {
  return [{ at, who: 'Rewind', tone, kind: null, tell }];
}

function openingSentence({ stable, rollbackOf, policy }: RolloutOpened, name: string): string {
  if (rollbackOf !== null) return `watches the rollback to ${name} as well`;
  const verb = policy.mode === 'observe' ? 'only observes' : 'watches';
  const back =
    stable === null ? 'nothing has proven itself here yet' : `${shortTaskDefinition(stable)} is stable`;
  return `${verb} the rollout of ${name}; ${back}`;
}

/** What a failed verdict would have led to, where the policy only observes. */
function observation({ verdict }: VerdictReached, opening: RolloutOpened | null): Moment[] {
  if (verdict.result !== 'failed' || opening?.policy.mode !== 'observe') return [];
  const { stable } = opening;
  const would =
    stable === null ? 'found nothing to go back to' : `gone back to ${shortTaskDefinition(stable)}`;
  return rewind(
    verdict.at,
    'plain',
    () => `only observes: it would have ${would}, and writes nothing to ECS`,
  );
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
  rolledBack: (name) => `the rollback has settled; the rollout of ${name} is over: rolledBack`,
  rollbackFailed: (name) => `the rollout of ${name} is over: rollbackFailed`,
  superseded: (name) => `the rollout of ${name} is over: a newer deployment took its place`,
  noSafeTarget: (name) => `the rollout of ${name} failed, and there is nothing safe to go back to`,
  notEnforced: (name) => `the rollout of ${name} is over: notEnforced, nobody took it back`,
  abandoned: () => 'the service is gone',
} as const satisfies { readonly [outcome in RolloutConcluded['outcome']]: (name: string) => string };

function toneOfOutcome({ outcome }: RolloutConcluded): Tone {
  if (outcome === 'superseded' || outcome === 'abandoned') return 'plain';
  return outcome === 'succeeded' || outcome === 'rolledBack' ? 'good' : 'bad';
}
