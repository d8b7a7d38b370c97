import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '../../../state-machines/log/instant';
import type { Stack } from '../stack';
import { rollbackOnStack } from './operator-command';
import { Operator } from './scenario/operator';
import { ScenarioRun } from './scenario/scenario-run';
import type { Story } from './scenario/scenario-schema';
import { isAtRest } from './scenario/service-now';
import { type StoryResult, storyResult } from './story-result';
import type { Moment } from './timeline/moment';
import { Timeline } from './timeline/timeline';

interface PlayOptions {
  readonly stack: Stack;
  readonly story: Story;
  /** How many seconds pass in one of the wall's. */
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly print: (told: {
    readonly moment: Moment;
    readonly count: number;
    readonly origin: Instant;
  }) => void;
}

/** Something did not happen that the story waits for. */
export class StoryStuckError extends Error {
  override readonly name = 'StoryStuckError';
}

const lookMilliseconds = 100;
/** A story may take longer than its minutes where a busy machine needs the time. */
const patienceMilliseconds = 90_000;
/** Of the wall: what the log takes to show what has happened, even on a busy machine. */
const lagSeconds = 0.5;

/**
 * Plays a story on a running stack, until its last rollout is concluded and the service is as the
 * story wants it. Throws the signal's reason when it is aborted, and StoryStuckError.
 */
export async function playOnStack(
  options: PlayOptions,
): Promise<{ readonly result: StoryResult; readonly timeline: Timeline }> {
  const { stack, story, speed } = options;
  const { eventLog, clock, told, presence } = stack;
  const { simulator } = stack.ecs;
  const operator = new Operator({ clock, rollback: (wished) => rollbackOnStack(stack, wished) });
  const run = new ScenarioRun({ clock, simulator, scenario: story, operator, presence });
  const origin = clock.now();
  run.begin();
  const print = (moment: Moment, count: number) => options.print({ moment, count, origin });
  const service = run.serviceArn(story.services[0]?.name ?? '');
  const waitSeconds = lagSeconds * speed;
  const timeline = new Timeline({ eventLog, service, clock, told, waitSeconds, print });
  await untilOver(options, { run, operator, timeline });
  await stack.settled();
  await timeline.finish();
  const { recorded } = timeline;
  const lost = stack.bus.deadLetters.length;
  return { result: storyResult(run.director, { recorded, until: clock.now(), lost }), timeline };
}

interface StoryUnderWay {
  readonly run: ScenarioRun;
  readonly operator: Operator;
  readonly timeline: Timeline;
}

async function untilOver(
  { stack, story, signal }: PlayOptions,
  { run, operator, timeline }: StoryUnderWay,
): Promise<void> {
  const begun = { at: stack.clock.now(), onWall: performance.now() };
  for (;;) {
    await timeline.look();
    if (run.isNextDue(timeline.recorded)) run.takeNext();
    operator.throwFailure();
    if (isOver(story, run, timeline)) return;
    const isTimeOver = stack.clock.now() - begun.at > story.minutes * 60_000;
    if (isTimeOver && performance.now() - begun.onWall > patienceMilliseconds) {
      throw new StoryStuckError(`the story has not come to its end in ${story.minutes} simulated minutes`);
    }
    await pause(signal);
  }
}

function isOver({ ends }: Story, run: ScenarioRun, timeline: Timeline): boolean {
  if (run.hasStepsLeft) return false;
  const { lastDeployment } = run.director;
  const isConcluded = timeline.recorded.some(
    ({ event }) => event.type === 'RolloutConcluded' && event.deployment === lastDeployment,
  );
  return isConcluded && (!ends.healthy || isAtRest(run.director.look()));
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
