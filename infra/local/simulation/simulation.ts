import { setTimeout as wait } from 'node:timers/promises';
import type { PolicyFile } from '../../../services/policy/policy-file';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import {
  EcsError,
  EcsSimulator,
  type InvokeLambda,
  type Notification,
  SteppedClock,
  unreliableDelivery,
} from '../../ecs-simulator/src/ecs-simulator';
import { type AttachedRewind, attachRewind } from '../attached-rewind';
import { tellDecision } from '../stories/decision-moments';
import { type RolloutEnd, rolloutEnds } from './rollout-ends';
import type { Scenario } from './scenario-schema';
import { Story } from './story';
import { Timeline } from './timeline';

export interface SimulationOptions {
  readonly scenario: Scenario;
  /** The same seed tells the same story, byte for byte. */
  readonly seed: number;
  /** Rewind's policies, to run it on the simulation's clock; null for a story without it. */
  readonly rewind: PolicyFile | null;
  /** How many seconds of the story pass in one of the wall's; null for as fast as it can. */
  readonly speed: number | null;
  /** Takes each line of the timeline. */
  readonly print: (line: string) => void;
  /** Takes each notification as EventBridge delivers it. */
  readonly deliver: (envelope: Notification) => void;
}

/** When every story begins: the same instant, so that the same seed gives the same notifications. */
export const storyOrigin: Instant = instantFrom(Date.UTC(2026, 0, 1));

/** Runs a scenario from its beginning to its end, and returns how each rollout ended. */
export async function runSimulation(options: SimulationOptions): Promise<RolloutEnd[]> {
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
  return rolloutEnds(running.simulator, scenario);
}

interface Running {
  readonly simulator: EcsSimulator;
  /** Waits for all that happens outside of the clock at this instant. */
  settle(): Promise<void>;
}

function start(options: SimulationOptions, clock: SteppedClock): Running {
  const { scenario, seed, rewind: policies } = options;
  const timeline = new Timeline(storyOrigin, options.print);
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
  });
  const rewind =
    policies === null ? null : startRewind({ clock, simulator, policies, seed: seed + 2 }, timeline);
  schedule({ scenario, clock, timeline, story: new Story(simulator, scenario) });
  return {
    simulator,
    async settle() {
      await simulator.idle();
      await rewind?.settle();
    },
  };
}

function startRewind(
  parts: { clock: SteppedClock; simulator: EcsSimulator; policies: PolicyFile; seed: number },
  timeline: Timeline,
): AttachedRewind {
  return attachRewind({
    ...parts,
    onAppended({ event }) {
      if (!('madeWith' in event)) return;
      const name = () => timeline.taskDefinitionOf(event.deployment);
      for (const moment of tellDecision(event, { name, opening: null })) {
        timeline.tell(parts.clock.now(), 'Rewind', moment.tell(1));
      }
    },
  });
}

function schedule(parts: {
  scenario: Scenario;
  clock: SteppedClock;
  timeline: Timeline;
  story: Story;
}): void {
  const { scenario, clock, timeline, story } = parts;
  clock.schedule(storyOrigin, () => story.begin());
  for (const step of scenario.steps) {
    clock.schedule(secondsAfter(storyOrigin, step.at), () => {
      const { at: _, ...action } = step;
      timeline.tell(clock.now(), 'scenario', describeAction(action));
      try {
        story.take(step);
      } catch (error) {
        // A story may hold what ECS refuses: that is part of it.
        if (!(error instanceof EcsError)) throw error;
        timeline.tell(clock.now(), 'ECS', `refuses it: ${error.name}: ${error.message}`);
      }
    });
  }
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
