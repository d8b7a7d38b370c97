import type { RewindEvent } from '../../../state-machines/log/events';
import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Rollout, Transition } from '../../../state-machines/rollout/rollout';
import { eventReporter, fullEventSentence } from '../../sentences/event-sentence';
import { contractWords, reasonWords } from '../../sentences/rollout-words';
import type { TimelineEntry } from './report-data';

/**
 * What happened to a rollout, in order: what was told of it beside its tasks, and its turning
 * points, which are numbered, because the figures mark them. Where Rewind recorded a turning point
 * itself, the two are one line.
 */
export function timelineOf(rollout: Rollout, events: readonly RewindEvent[]): TimelineEntry[] {
  const turns = turningPoints(rollout).sort((a, b) => a.at - b.at);
  const marked = turns.map(({ at, text, recordedAs, cause }, index): TimelineEntry => {
    const isRecord = ({ type }: RewindEvent) => recordedAs.includes(type);
    // A pass that was revoked is followed by another conclusion, an attempt by another: the last
    // one is what the rollout says.
    const isLast = recordedAs.some((type) => type === 'RolloutConcluded' || type === 'RollbackRequested');
    const recorded = isLast ? events.findLastIndex(isRecord) : events.findIndex(isRecord);
    const event = recorded < 0 ? events.findIndex(({ id }) => id === cause) : recorded;
    const who = recorded < 0 ? 'replay' : 'Rewind';
    return {
      at,
      who,
      text: recordedCallSentence(events[recorded]) ?? text,
      mark: index + 1,
      event: event < 0 ? null : event,
    };
  });
  const merged = new Set(marked.filter(({ who }) => who === 'Rewind').map(({ event }) => event));
  const told = withoutRepetitions(
    events.flatMap((event, index): TimelineEntry[] => {
      if (event.type === 'TaskChanged' || merged.has(index)) return [];
      return [
        {
          // An attempt stands in the log beside the verdict that it follows from.
          at: event.type === 'RollbackRequested' ? event.requestedAt : event.occurredAt,
          who: eventReporter(event),
          text: fullEventSentence(event),
          mark: null,
          event: index,
        },
      ];
    }),
  );
  // What was told comes before what was made of it.
  return [...told, ...marked].sort((a, b) => a.at - b.at || (a.mark ?? 0) - (b.mark ?? 0));
}

/**
 * ECS says every few minutes again that it finds no capacity: what is told many times in a row is
 * one line.
 */
function withoutRepetitions(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  const runs: [TimelineEntry, ...TimelineEntry[]][] = [];
  for (const entry of timeline) {
    const run = runs.at(-1);
    if (run?.[0].text === entry.text) run.push(entry);
    else runs.push([entry]);
  }
  return runs.map((run) =>
    run.length === 1 ? run[0] : { ...run[0], text: `${run[0].text} (${run.length} times in a row)` },
  );
}

/**
 * What Rewind did on the way back it recorded better than a replay could tell: which call, which
 * request.
 */
function recordedCallSentence(recorded: RewindEvent | undefined): string | null {
  switch (recorded?.type) {
    case 'RollbackRequested':
    case 'RollbackIssued':
    case 'RollbackAdopted':
      return fullEventSentence(recorded);
    default:
      return null;
  }
}

interface TurningPoint {
  readonly at: number;
  readonly text: string;
  /** The decisions that record it where Rewind was there. */
  readonly recordedAs: readonly RewindEvent['type'][];
  /** The id of the event that caused it; null when that is not known. */
  readonly cause: string | null;
}

function turningPoints(rollout: Rollout): TurningPoint[] {
  const { startedAt, startedBy, transitions, verdict } = rollout;
  const start = { at: startedAt, text: 'watching: the rollout starts', cause: startedBy };
  const own = transitions.filter((transition) => !followsFrom(verdict, transition));
  return [
    { ...start, recordedAs: ['RolloutOpened'] },
    ...verdictPoints(rollout),
    ...own.map((transition) => transitionPoint(rollout, transition)),
    ...wayBackPoints(rollout),
  ];
}

/** The phase that a verdict leads to, in the line of the verdict. */
function verdictPoints({ verdict, transitions, outcome }: Rollout): TurningPoint[] {
  if (verdict === null) return [];
  const { at, result, message, eventId, revokes } = verdict;
  const next = transitions.filter((transition) => followsFrom(verdict, transition)).map(({ to }) => to);
  const then = next
    .map((phase) => `, ${phase === 'done' ? endWords(outcome) : contractWords(phase)}`)
    .join('');
  const recordedAs = [revokes === undefined ? 'VerdictReached' : 'PassRevoked'] as const;
  return [{ at, text: `verdict ${result}${then}: ${message}`, recordedAs, cause: eventId }];
}

function followsFrom(verdict: Rollout['verdict'], { at, eventId }: Transition): boolean {
  return verdict !== null && verdict.eventId === eventId && verdict.at === at;
}

function transitionPoint({ outcome, verdict }: Rollout, transition: Transition): TurningPoint {
  const { at, to, reason, eventId } = transition;
  if (to === 'done' && verdict?.revokes?.eventId === eventId) {
    const text = `${endWords('succeeded')}: ${reasonWords[reason]}`;
    return { at, text, recordedAs: ['VerdictReached'], cause: eventId };
  }
  const text = `${to === 'done' ? endWords(outcome) : contractWords(to)}: ${reasonWords[reason]}`;
  return { at, text, recordedAs: to === 'done' ? ['RolloutConcluded'] : [], cause: eventId };
}

function endWords(outcome: Rollout['outcome']): string {
  return outcome === null ? 'done' : `done, ${contractWords(outcome)}`;
}

function wayBackPoints({ rollback }: Rollout): TurningPoint[] {
  if (rollback === null) return [];
  const { by, target, requestedAt, issuedAt } = rollback;
  const where = target === null ? ' without a known target' : ` to ${shortTaskDefinition(target)}`;
  const verb = by === 'rewind' ? 'requested' : `begun by ${by === 'ecs' ? 'ECS' : 'a person or tool'}`;
  const request = { at: requestedAt, text: `rollback${where} ${verb}`, cause: null };
  const issue = { at: issuedAt ?? requestedAt, text: 'rollback issued: ECS was told', cause: null };
  const isIssued = issuedAt !== null && issuedAt !== requestedAt;
  return [
    { ...request, recordedAs: ['RollbackRequested'] },
    ...(isIssued ? [{ ...issue, recordedAs: ['RollbackIssued', 'RollbackAdopted'] as const }] : []),
  ];
}
