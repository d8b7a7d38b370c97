import { shortEventSentence } from '../../../../services/sentences/event-sentence';
import type {
  DecidedEvent,
  Outcome,
  RolloutOpened,
  VerdictReached,
} from '../../../../state-machines/log/decided-events';
import { shortTaskDefinition } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { Moment, Tone } from './moment';

/** The rollout that a decision is about. */
interface DecisionContext {
  /** What its deployment runs, in short. */
  readonly name: () => string;
  /**
   * What was known when Rewind took it up; null when that is not known, or it takes another back.
   */
  readonly opening: RolloutOpened | null;
}

/** A minute that is measured tells little by itself: its verdict does. */
const untold: ReadonlySet<DecidedEvent['type']> = new Set([
  'AlarmsChecked',
  'BakeElapsed',
  'MeasurementTaken',
]);

/** What Rewind decided, in a sentence; nothing where another decision says it all. */
export function tellDecision(event: DecidedEvent, { name, opening }: DecisionContext): Moment[] {
  if (untold.has(event.type)) return [];
  const moment = rewind(instantOf(event), toneOf(event), () => shortEventSentence(event, name));
  return event.type === 'VerdictReached' ? [moment, ...observation(event, opening)] : [moment];
}

function rewind(at: Instant, tone: Tone, tell: () => string): Moment {
  return { at, who: 'Rewind', tone, kind: null, tell };
}

/** When it was decided, for what is recorded at the instant of its cause. */
function instantOf(event: DecidedEvent): Instant {
  switch (event.type) {
    case 'VerdictReached':
      return event.verdict.at;
    case 'RollbackRequested':
      return event.requestedAt;
    case 'RollbackIssued':
      return event.issuedAt;
    case 'RollbackAdopted':
      return event.adoptedAt;
    case 'RollbackRejected':
      return event.rejectedAt;
    default:
      return event.occurredAt;
  }
}

function toneOf(event: DecidedEvent): Tone {
  switch (event.type) {
    case 'VerdictReached':
      return verdictTones[event.verdict.result];
    case 'RollbackRejected':
      return 'bad';
    case 'RolloutConcluded':
      return outcomeTones[event.outcome];
    default:
      return 'plain';
  }
}

const verdictTones = { passed: 'good', failed: 'bad', inconclusive: 'plain' } as const;

const outcomeTones: { readonly [outcome in Outcome]: Tone } = {
  succeeded: 'good',
  rolledBack: 'good',
  rollbackFailed: 'bad',
  noSafeTarget: 'bad',
  notEnforced: 'bad',
  superseded: 'plain',
  abandoned: 'plain',
};

/** What a failed verdict would have led to, where the policy only observes. */
function observation({ verdict }: VerdictReached, opening: RolloutOpened | null): Moment[] {
  if (verdict.result !== 'failed' || opening?.policy.mode !== 'observe') return [];
  const { stable } = opening;
  const would =
    stable === null ? 'found nothing to go back to' : `gone back to ${shortTaskDefinition(stable)}`;
  const sentence = `only observes: it would have ${would}, and writes nothing to ECS`;
  return [rewind(verdict.at, 'plain', () => sentence)];
}
