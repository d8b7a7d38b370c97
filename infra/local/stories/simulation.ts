import { setTimeout as wait } from 'node:timers/promises';
import type { EventLog, HistoryLog, RecordedEvent } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import type { PolicyFile } from '../../../services/policy/policy-file';
import { isDecided } from '../../../state-machines/log/events';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { comparePlaces } from '../../../state-machines/log/position';
import {
  EcsError,
  EcsSimulator,
  type InvokeLambda,
  type Notification,
  SteppedClock,
  unreliableDelivery,
} from '../../ecs-simulator/src/ecs-simulator';
import { type AttachedRewind, attachRewind } from '../attached-rewind';
import { Presence } from '../presence';
import { type RolloutEnd, rolloutEnds } from './rollout-ends';
import { Operator, type WishedRollback } from './scenario/operator';
import { OperatorInProcess } from './scenario/operator-in-process';
import { ScenarioRun } from './scenario/scenario-run';
import type { Scenario } from './scenario/scenario-schema';
import { type StoryResult, storyResult } from './story-result';
import { tellDecision } from './timeline/decision-moments';
import { NotificationTimeline } from './timeline/notification-timeline';

export interface SimulationOptions {
  readonly scenario: Scenario;
  /** The same seed tells the same story, byte for byte. */
  readonly seed: number;
  /** Rewind's policies, to run it on the simulation's clock; null for a story without it. */
  readonly rewind: PolicyFile | null;
  /** `rewind rollback`; needed for stories whose operator goes back. */
  readonly rollback?: (session: StorySession, wished: WishedRollback) => Promise<void>;
  /** How many seconds of the story pass in one of the wall's; null for as fast as it can. */
  readonly speed: number | null;
  /** Takes each line of the timeline. */
  readonly print: (line: string) => void;
  /** Takes each notification as EventBridge delivers it. */
  readonly deliver: (envelope: Notification) => void;
}

/** Where the operator's commands look and act. */
interface StorySession {
  readonly clients: OperatorInProcess;
  readonly log: { readonly table: string; readonly events: EventLog & HistoryLog };
}

/** What a simulation came to: how each rollout ended, and the last one in full. */
export interface SimulationResult {
  readonly ends: readonly RolloutEnd[];
  readonly result: StoryResult;
}

/**
 * When every story begins: the same instant, so that the same seed gives the same notifications.
 */
export const storyOrigin: Instant = instantFrom(Date.UTC(2026, 0, 1));

/** Runs a scenario from its beginning to its end, in process. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  const { scenario } = options;
  const clock = new SteppedClock(storyOrigin);
  const running = start(options, clock);
  await running.settle();
  const end = secondsAfter(storyOrigin, scenario.minutes * 60);
  for (let next = clock.nextAt(); next !== null && next <= end; next = clock.nextAt()) {
    if (options.speed !== null) await wait((next - clock.now()) / options.speed);
    clock.advanceTo(next);
    await running.settle();
  }
  clock.advanceTo(end);
  const recorded = await recordedOf(scenario, running);
  return {
    ends: rolloutEnds(running.simulator, scenario),
    result: storyResult(running.run.director, { recorded, until: end, lost: 0 }),
  };
}

interface SimulationUnderWay {
  readonly simulator: EcsSimulator;
  readonly run: ScenarioRun;
  readonly rewind: AttachedRewind | null;
  /** Waits for all that happens outside of the clock at this instant. */
  settle(): Promise<void>;
}

/** What the log holds of the scenario's services, in the order of the fold. */
async function recordedOf(
  { services }: Scenario,
  { rewind, run }: SimulationUnderWay,
): Promise<RecordedEvent[]> {
  const recorded: RecordedEvent[] = [];
  for (const { name } of rewind === null ? [] : services) {
    const stream = rewind?.eventLog.read(run.serviceArn(name), null) ?? [];
    for await (const one of stream) recorded.push(one);
  }
  return recorded.sort((a, b) => comparePlaces(a.event, b.event));
}

function start(options: SimulationOptions, clock: SteppedClock): SimulationUnderWay {
  const { scenario, seed, rewind: policies } = options;
  const timeline = new NotificationTimeline(storyOrigin, options.print);
  const recorded: RecordedEvent[] = [];
  const deliver = unreliableDelivery(scenario.delivery ?? {}, {
    clock,
    // Not the simulator's own sequence: the same things happen, however they are delivered.
    seed: seed + 1,
    deliver(envelope) {
      options.deliver(envelope);
      rewind?.receive(envelope);
    },
  });
  const simulator = new EcsSimulator({
    clock,
    seed,
    emit(envelope) {
      timeline.tellNotification(clock.now(), envelope);
      deliver(envelope);
    },
    invokeLambda: answering(scenario.functions),
    ...(scenario.traffic === undefined ? {} : { traffic: scenario.traffic }),
  });
  const onAppended = (appended: RecordedEvent) => {
    recorded.push(appended);
    tellAppended(appended, { clock, timeline });
  };
  const eventLog = memoryEventLog();
  const rewind =
    policies === null
      ? null
      : attachRewind({ clock, simulator, policies, seed: seed + 2, eventLog, onAppended });
  const { rollback } = options;
  const log = { table: 'the log of the story', events: eventLog };
  const session = { clients: new OperatorInProcess(simulator), log };
  const operator =
    rewind === null || rollback === undefined
      ? null
      : new Operator({ clock, rollback: (wished) => rollback(session, wished) });
  const presence = new Presence();
  const run = scenarioRun({
    ...{ scenario, clock, simulator, timeline, presence },
    ...(operator === null ? {} : { operator }),
  });
  run.begin();
  const settleRewind = async () => (presence.isAway ? undefined : rewind?.settle());
  return {
    simulator,
    run,
    rewind,
    async settle() {
      await simulator.idle();
      await operator?.still();
      await settleRewind();
      if (!run.isNextDue(recorded)) return;
      run.takeNext();
      await operator?.still();
      await settleRewind();
    },
  };
}

function tellAppended(
  { event }: RecordedEvent,
  { clock, timeline }: { clock: SteppedClock; timeline: NotificationTimeline },
): void {
  if (!isDecided(event)) return;
  const name = () => timeline.taskDefinitionOf(event.deployment);
  for (const moment of tellDecision(event, { name, opening: null })) {
    timeline.tell(clock.now(), 'Rewind', moment.tell(1));
  }
}

function scenarioRun(parts: {
  scenario: Scenario;
  clock: SteppedClock;
  simulator: EcsSimulator;
  operator?: Operator;
  presence: Presence;
  timeline: NotificationTimeline;
}): ScenarioRun {
  const { clock, timeline, ...others } = parts;
  return new ScenarioRun({
    ...others,
    clock,
    onStep({ at: _, when: __, ...action }) {
      timeline.tell(clock.now(), 'scenario', describeAction(action));
    },
    onRefusal(error) {
      // A story may hold what ECS refuses: that is part of it.
      if (!(error instanceof EcsError)) throw error;
      timeline.tell(clock.now(), 'ECS', `refuses it: ${error.name}: ${error.message}`);
    },
  });
}

function describeAction(action: object): string {
  const [[name, value] = ['', '']] = Object.entries(action).filter(([, one]) => one !== undefined);
  if (typeof value !== 'object') return `${name}: ${value}`;
  const told = Object.entries(value as object).filter(([, one]) => typeof one !== 'object');
  return `${name}: ${told.map(([key, one]) => `${key} ${one}`).join(', ')}`;
}

/** Answers each function's calls with what the scenario says, one after the other. */
function answering(functions: Scenario['functions']): InvokeLambda {
  const calls = new Map<string, number>();
  return async (functionArn) => {
    const name = functionArn.slice(functionArn.lastIndexOf(':') + 1);
    const answers = functions[name];
    if (answers === undefined) throw new Error(`the scenario has no function ${name}`);
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    return { hookStatus: answers[Math.min(call, answers.length - 1)] };
  };
}
