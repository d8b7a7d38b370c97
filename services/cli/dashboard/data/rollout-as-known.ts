import { isLateFact } from '../../../../state-machines/audit/audit-trail';
import { isDecided, type RewindEvent } from '../../../../state-machines/log/events';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { positionOf } from '../../../../state-machines/log/position';
import { replay } from '../../../../state-machines/replay/replay';
import {
  arrowsOfDeploymentMachine,
  phasesOfDeploymentMachine,
} from '../../../../state-machines/rollout/machine-chart';
import type { Rollout } from '../../../../state-machines/rollout/rollout';
import { fullEventSentence } from '../../../sentences/event-sentence';
import { rolloutDetail } from '../../report/rollout-detail';
import { type RolloutTrace, RolloutTraces } from '../../report/rollout-trace';
import type { LateFact, LifeTurn, RolloutLife, RolloutPage } from './dashboard-data';
import type { KnownStream } from './known-stream';

/** Which rollout of a service. */
export interface RolloutName {
  readonly deployment: string;
  readonly startedAt: number;
}

/** A rollout, and the events that told of it, as known at some time. */
interface KnownRollout {
  readonly rollout: Rollout;
  readonly trace: RolloutTrace;
}

/**
 * The rollout as its fold was when nothing was known but what had been learnt by then: events,
 * evidence, machine and decisions. Null where nothing was known of it. What time alone would bring
 * is not supplied: Rewind records that itself. Pure.
 */
export function rolloutKnownAt(stream: KnownStream, name: RolloutName, at: Instant): KnownRollout | null {
  const known = stream.events.filter(({ recordedAt }) => recordedAt <= at).map(({ event }) => event);
  const traces = new RolloutTraces();
  const rollouts = replay(known, {
    policy: defaultPolicy,
    until: instantFrom(0),
    follow: (step) => traces.follow(step),
  });
  // Until its opening is recorded, a rollout's start may still be told to have been earlier.
  const away = ({ startedAt }: Rollout) => Math.abs(startedAt - name.startedAt);
  const [rollout] = rollouts
    .filter(({ deployment }) => deployment === name.deployment)
    .sort((a, b) => away(a) - away(b));
  if (rollout === undefined || away(rollout) > startMovesAtMost) return null;
  return { rollout, trace: traces.of(rollout) };
}

const startMovesAtMost = 300_000;

interface AskedRollout {
  readonly name: RolloutName;
  /** Null: as it is known now. */
  readonly at: Instant | null;
  readonly now: Instant;
}

/** What is told of rollouts; what is known today is folded once for all moves of a slider. */
export class RolloutPages {
  #last: { readonly key: string; readonly today: KnownRollout | null } | null = null;

  of(stream: KnownStream, asked: AskedRollout): Omit<RolloutPage, 'listed' | 'place' | 'path'> {
    const { deployment, startedAt } = asked.name;
    const key = `${stream.service} ${stream.changes} ${deployment} ${startedAt}`;
    const today = this.#last?.key === key ? this.#last.today : rolloutKnownAt(stream, asked.name, latest);
    this.#last = { key, today };
    return rolloutPageOf(stream, asked, today);
  }
}

function rolloutPageOf(
  stream: KnownStream,
  { name, at, now }: AskedRollout,
  today: KnownRollout | null,
): Omit<RolloutPage, 'listed' | 'place' | 'path'> {
  const life = lifeOf(stream, { today, name, now });
  const knownAt = instantFrom(at === null ? life.to : Math.min(at, life.to));
  const then = at === null ? today : rolloutKnownAt(stream, name, knownAt);
  return {
    knownAt,
    detail: then && rolloutDetail(then.rollout, then.trace, knownAt),
    machine: { phases: phasesOfDeploymentMachine(), arrows: arrowsOfDeploymentMachine() },
    life,
  };
}

const latest = instantFrom(8_640_000_000_000_000);

/** More marks than a screen has columns say nothing. */
const marksAtMost = 400;

function lifeOf(
  stream: KnownStream,
  {
    today,
    name,
    now,
  }: { readonly today: KnownRollout | null; readonly name: RolloutName; readonly now: Instant },
): RolloutLife {
  const events = today?.trace.events ?? [];
  const recorded = events.map((event) => ({
    event,
    recordedAt: stream.recordedAt(event) ?? event.occurredAt,
  }));
  const learnt = recorded.map(({ recordedAt }) => recordedAt);
  const isLive = today !== null && today.rollout.phase !== 'done';
  const from = Math.min(today?.rollout.startedAt ?? name.startedAt, ...learnt.slice(0, 1));
  const last = learnt.reduce((a, b) => Math.max(a, b), today?.rollout.endedAt ?? name.startedAt);
  const to = Math.max(from + 1000, isLive ? Math.max(now, last) : last);
  return {
    from,
    to,
    isLive,
    facts: events.length,
    happened: thinned(
      events.map(({ occurredAt }) => occurredAt),
      from,
      to,
    ),
    learnt: thinned(learnt, from, to),
    turns: recorded.flatMap(({ event, recordedAt }) => turnOf(event, recordedAt)),
    late: lateFacts(recorded),
  };
}

function thinned(instants: readonly number[], from: number, to: number): number[] {
  const width = Math.max(1, (to - from) / marksAtMost);
  const columns = new Map<number, number>();
  for (const at of instants) columns.set(Math.floor((at - from) / width), at);
  return [...columns.values()].sort((a, b) => a - b);
}

function turnOf(event: RewindEvent, recordedAt: Instant): LifeTurn[] {
  return isDecided(event) ? [{ at: recordedAt, text: fullEventSentence(event) }] : [];
}

interface LearntEvent {
  readonly event: RewindEvent;
  readonly recordedAt: Instant;
}

const lateAtMost = 200;

function lateFacts(recorded: readonly LearntEvent[]): LateFact[] {
  const judged = recorded.find(({ event }) => event.type === 'VerdictReached');
  const isBehindVerdict = ({ event, recordedAt }: LearntEvent) =>
    judged !== undefined && recordedAt > judged.recordedAt && positionOf(event) < positionOf(judged.event);
  return recorded
    .filter((learnt) => !isDecided(learnt.event) && (isLateFact(learnt) || isBehindVerdict(learnt)))
    .slice(0, lateAtMost)
    .map((learnt) => ({
      occurredAt: learnt.event.occurredAt,
      recordedAt: learnt.recordedAt,
      text: fullEventSentence(learnt.event),
      isBehindVerdict: isBehindVerdict(learnt),
    }));
}
