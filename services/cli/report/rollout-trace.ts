import { type MeasuredPoint, measuredPoint } from '../../../state-machines/analysis/measured-point';
import type { MeasurementTaken } from '../../../state-machines/log/decided-events';
import { isDecided, type RewindEvent } from '../../../state-machines/log/events';
import type { Instant } from '../../../state-machines/log/instant';
import type { FoldStep } from '../../../state-machines/replay/replay';
import { isFollowed, isSameRollout, type LiveRollout } from '../../../state-machines/rollout/live-rollout';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { emptyLedger, marksIn, type TaskLedger } from '../../../state-machines/rollout/task-ledger';
import { isWeighed, weigh } from '../../../state-machines/rollout/weighing/weigh';
import { standingTasksOf } from '../../../state-machines/service/service-memory';
import type { EvidencePoint, TaskLane } from './report-data';
import { TaskHistory } from './task-history';

/**
 * What a replay's fold showed of one rollout on its way: the events that told of it, its tasks, its
 * evidence over time.
 */
export class RolloutTrace {
  readonly events: RewindEvent[] = [];
  readonly #points: EvidencePoint[] = [];
  /** Behind the last point, and too little to be one of its own. */
  #latest: { readonly at: Instant; readonly context: LiveRollout['context'] } | null = null;
  readonly measured: MeasuredPoint[] = [];
  readonly #histories = new Map<string, TaskHistory>();

  /** Takes an event, and the rollout as it was behind it. */
  add(event: RewindEvent, { context }: LiveRollout): void {
    if (event.type === 'TaskChanged') {
      const history = this.#histories.get(event.task) ?? TaskHistory.of(event);
      this.#histories.set(event.task, history);
      history.add(event, this.events.length);
    }
    this.events.push(event);
    if (event.type === 'MeasurementTaken') this.#addWindow(event, context);
    const latest = { at: event.occurredAt, context };
    const last = this.#points.at(-1);
    if (isSame(this.#latest?.context.evidence ?? last, context.evidence)) return;
    const isSmall = last !== undefined && !isStep(last, context.evidence);
    if (!isSmall) this.#points.push(pointOf(latest));
    this.#latest = isSmall ? latest : null;
  }

  /** Of a rollout of thousands of tasks, as many points as a figure can show. */
  get evidence(): readonly EvidencePoint[] {
    return this.#latest === null ? this.#points : [...this.#points, pointOf(this.#latest)];
  }

  /** A window that was told late says nothing behind a newer one. */
  #addWindow(event: MeasurementTaken, { analysis, policy }: LiveRollout['context']): void {
    if (analysis?.measuredUntil !== event.until || policy.analysis === null) return;
    this.measured.push(measuredPoint(analysis, policy.analysis, event));
  }

  /** Takes the tasks that ran already when the rollout started. */
  addStanding(tasks: TaskLedger, startedAt: Instant): void {
    for (const mark of marksIn(tasks)) this.#histories.set(mark.task, TaskHistory.standing(mark, startedAt));
  }

  tasks(): TaskLane[] {
    return [...this.#histories.values()].map((history) => history.lane());
  }
}

type Counts = Pick<EvidencePoint, 'started' | 'ran' | 'failed'>;

/** A figure shows no smaller part of what has started. */
const stepsAtMost = 64;

function isStep(last: Counts, { started, ran, failed }: Counts): boolean {
  const grown = Math.max(Math.abs(started - last.started), Math.abs(ran - last.ran));
  return failed !== last.failed || (grown > 0 && grown * stepsAtMost >= started);
}

function isSame(one: Counts | undefined, other: Counts): boolean {
  return one?.started === other.started && one.ran === other.ran && one.failed === other.failed;
}

function pointOf({ at, context }: { at: Instant; context: LiveRollout['context'] }): EvidencePoint {
  const { started, ran, failed } = context.evidence;
  return { at, started, ran, failed, ratio: ratioIn(context) };
}

function ratioIn(context: LiveRollout['context']): number | null {
  if (!isWeighed(context)) return null;
  return (context.suspicion?.weighed ?? weigh(context)).ratio;
}

/** The traces of all rollouts of a replay. */
export class RolloutTraces {
  readonly #ended = new Map<string, RolloutTrace>();
  readonly #live = new Map<string, RolloutTrace>();

  /**
   * Takes one step of the fold: an event belongs to the rollouts that were followed before it, and
   * to one that it opened.
   */
  follow({ event, before, after }: FoldStep): void {
    for (const rollout of after.rollouts) {
      const { service, deployment, startedAt } = rollout.context;
      // A recorded opening may move a rollout's start, but no deployment has two live rollouts.
      const liveKey = `${service} ${deployment}`;
      const endedKey = `${liveKey}@${startedAt}`;
      const ended = this.#ended.get(endedKey);
      if (ended !== undefined) {
        // What was decided of the event that ended it stands behind that.
        if (isDecided(event) && isSameRollout(rollout, event)) ended.add(event, rollout);
        continue;
      }
      this.#followLive({ event, before, after }, rollout, liveKey);
      if (isFollowed(rollout)) continue;
      const trace = this.#live.get(liveKey);
      if (trace !== undefined) this.#ended.set(endedKey, trace);
      this.#live.delete(liveKey);
    }
  }

  #followLive({ event, before }: FoldStep, rollout: LiveRollout, liveKey: string): void {
    const { deployment, startedAt, startedBy } = rollout.context;
    const earlier = before.rollouts.find(
      ({ context }) => context.deployment === deployment && context.startedBy === startedBy,
    );
    if (earlier === undefined && event.type !== 'TaskChanged') {
      this.#traceOf(liveKey).addStanding(tasksAtStart(rollout, before), startedAt);
    }
    const wasOver = earlier !== undefined && !isFollowed(earlier);
    if (!wasOver && concerns(event, rollout)) this.#traceOf(liveKey).add(event, rollout);
  }

  /** The trace of a rollout of the replay; empty for one of which no event told. */
  of({ service, deployment, startedAt }: Rollout): RolloutTrace {
    const liveKey = `${service} ${deployment}`;
    return this.#ended.get(`${liveKey}@${startedAt}`) ?? this.#live.get(liveKey) ?? new RolloutTrace();
  }

  #traceOf(liveKey: string): RolloutTrace {
    const trace = this.#live.get(liveKey) ?? new RolloutTrace();
    this.#live.set(liveKey, trace);
    return trace;
  }
}

/** Of a rollout that ends with the event that opens it, the state has forgotten them. */
function tasksAtStart(rollout: LiveRollout, before: FoldStep['before']): TaskLedger {
  if (isFollowed(rollout)) return rollout.context.tasks;
  return standingTasksOf(before.memory, rollout.context.deployment) ?? emptyLedger;
}

/**
 * Tasks, and what Rewind decided, tell of their own deployment; all else tells every live rollout
 * of the service something.
 */
function concerns(event: RewindEvent, { context: { deployment } }: LiveRollout): boolean {
  const isOfOneDeployment = event.type === 'TaskChanged' || isDecided(event);
  return !isOfOneDeployment || event.deployment === deployment;
}
