import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import type { DeploymentId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { Call } from '../../ecs-simulator/src/ecs-simulator';
import { ecsClient } from '../ecs-client';
import type { Stack } from '../stack';
import type { Moment } from './moment';
import { isAtRest, Operator, operatorAccessKey, type ServiceNow } from './operator';
import type { Scenario } from './scenarios';
import { Timeline } from './timeline';

export interface StoryOptions {
  readonly stack: Stack;
  readonly scenario: Scenario;
  /** How many seconds pass in one of the wall's. */
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly print: (told: {
    readonly moment: Moment;
    readonly count: number;
    readonly origin: Instant;
  }) => void;
}

/** What a story came to. */
export interface Told {
  readonly recorded: readonly RecordedEvent[];
  /** The rollout of web:2, as the log tells it; null if the log tells of none. */
  readonly rollout: Rollout | null;
  readonly serviceNow: ServiceNow;
  /** The writes that ECS was asked for after the operator's last one: Rewind's. */
  readonly writes: readonly Call[];
  /** Notifications that could not be recorded. */
  readonly lost: number;
}

/** Something did not happen that the story waits for. */
export class StoryStuckError extends Error {
  override readonly name = 'StoryStuckError';
}

const lookMilliseconds = 100;
/** Both have to be over: at a high speed, 900 simulated seconds are few of a busy machine's. */
const patience = { simulatedSeconds: 900, wallSeconds: 90 };
/** Of the wall: what the log takes to show what has happened, even on a busy machine. */
const lagSeconds = 0.5;

/** Plays a scenario on a running stack. Throws the signal's reason when it is aborted, StoryStuckError, and what the SDK throws. */
export async function playStory(
  options: StoryOptions,
): Promise<{ readonly told: Told; readonly timeline: Timeline }> {
  const { stack, scenario } = options;
  const client = ecsClient(stack.ecs.endpoint, operatorAccessKey);
  const operator = new Operator(client);
  try {
    const { labels, healthCheck, request } = scenario;
    const common = healthCheck === undefined ? {} : { healthCheck };
    const good = await operator.register({ image: 'example/web:1', labels: {}, ...common });
    const origin = stack.clock.now();
    const { service, deployment: first } = await operator.create(good);
    const { eventLog, clock } = stack;
    const print = (moment: Moment, count: number) => options.print({ moment, count, origin });
    const waitSeconds = lagSeconds * options.speed;
    const timeline = new Timeline({ eventLog, service, clock, waitSeconds, print });
    await until(options, timeline, {
      what: 'web:1 to become stable',
      holds: () => isConcluded(timeline, first),
    });
    const bad = await operator.register({ image: 'example/web:2', labels, ...common });
    const second = await operator.deploy({ taskDefinition: bad, ...request });
    const writesBefore = stack.ecs.simulator.calls.list().length;
    await until(options, timeline, {
      what: 'the rollout of web:2 to end',
      holds: () => isConcluded(timeline, second),
    });
    if (scenario.ending.isHealthy) {
      const holds = async () => isAtRest(await operator.look());
      await until(options, timeline, { what: 'the service to come to rest', holds });
    }
    const writes = stack.ecs.simulator.calls.list().slice(writesBefore);
    await stack.bus.drained();
    await timeline.finish();
    const serviceNow = await operator.look();
    return { told: { ...toldBy(stack, timeline, second), serviceNow, writes }, timeline };
  } finally {
    client.destroy();
  }
}

function toldBy({ clock, bus }: Stack, { recorded }: Timeline, deployment: DeploymentId) {
  const events = recorded.map(({ event }) => event);
  const rollouts = replay(events, { policy: defaultPolicy, until: clock.now() });
  const rollout = rollouts.find((candidate) => candidate.deployment === deployment) ?? null;
  return { recorded, rollout, lost: bus.deadLetters.length };
}

function isConcluded({ recorded }: Timeline, deployment: DeploymentId): boolean {
  return recorded.some(({ event }) => event.type === 'RolloutConcluded' && event.deployment === deployment);
}

async function until(
  { stack, signal }: StoryOptions,
  timeline: Timeline,
  { what, holds }: { readonly what: string; readonly holds: () => boolean | Promise<boolean> },
): Promise<void> {
  const begun = { at: stack.clock.now(), onWall: performance.now() };
  for (;;) {
    await timeline.look();
    if (await holds()) return;
    const isSimulatedOver = stack.clock.now() - begun.at > patience.simulatedSeconds * 1000;
    if (isSimulatedOver && performance.now() - begun.onWall > patience.wallSeconds * 1000) {
      throw new StoryStuckError(
        `waited more than ${patience.simulatedSeconds} simulated seconds for ${what}`,
      );
    }
    await pause(signal);
  }
}

/** Tells on, for as long as nobody ends it: throws the signal's reason. */
export async function tellOn(timeline: Timeline, signal: AbortSignal): Promise<never> {
  for (;;) {
    await timeline.look();
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(lookMilliseconds, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}
