import { afterEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { discoverySeconds, sweepSeconds } from '../../../../infra/local/rewind-in-process';
import { Director } from '../../../../infra/local/stories/scenario/director';
import type { Story } from '../../../../infra/local/stories/scenario/scenario-schema';
import { policyTextOf, readStories } from '../../../../infra/local/stories/scenario/story-folder';
import type { RecordedEvent } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import {
  type DeploymentId,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import { never, RewindAtWork } from '../worlds/rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

const seed = Number(process.env.REWIND_SEED ?? 23);

/** Each play draws its own numbers: a story does not change how another is delivered. */
const withinTenMinutes = () => {
  const random = new SeededRandom(seed);
  return () => [random.between(0, 600)];
};

const deliveries: [string, () => () => readonly number[]][] = [
  ['three times', () => () => [0, 3, 40]],
  [`shuffled within ten minutes (seed ${seed})`, withinTenMinutes],
  ['ten minutes late', () => () => [600]],
];

/** With users, and with alarms on metrics, it is not notifications that decide, but minutes. */
const isWithoutMetrics = ({ traffic, alarms }: Story) => traffic === undefined && alarms.length === 0;
/**
 * What happens in the middle of a rollout happens at a stated time, not at once as here; and nobody
 * sits at a command line.
 */
const isOfOneAct = ({ steps }: Story) =>
  steps.every(({ at, rollback }) => at === undefined && rollback === undefined);
const stories = [...readStories()].filter(([, story]) => isWithoutMetrics(story) && isOfOneAct(story));

function endingOf({ ends }: Story) {
  const { outcome, rollback, runs, writes } = ends;
  const verdict = outcome === 'succeeded' ? 'passed' : 'failed';
  return { outcome, by: rollback, verdict, runs, writes: writes.length };
}

/** Plays a story on Rewind; what became of its last rollout. */
async function play(story: Story, delaysOf: () => readonly number[]) {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy: policyTextOf(story) });
  rewind.delaysOf = delaysOf;
  const director = new Director(rewind.ecs.simulator, story);
  director.begin();
  await untilConcluded(rewind, director.lastDeployment);
  for (const step of story.steps) director.take(step);
  const deployment = director.lastDeployment;
  await untilConcluded(rewind, deployment);
  const { rollout, verdictDelaySeconds } = await toldOf(rewind, deployment);
  const ending = {
    outcome: rollout?.outcome,
    by: rollout?.rollback?.by ?? null,
    verdict: rollout?.verdict?.result,
    runs: shortTaskDefinition((await rewind.runs()) as TaskDefinitionArn),
    writes: director.writesOfRewind.filter(({ hadEffect }) => hadEffect).length,
  };
  return { ending, verdictDelaySeconds };
}

async function toldOf(rewind: RewindAtWork, deployment: DeploymentId | null) {
  const until = rewind.ecs.clock.now();
  const rollouts = replay(await rewind.events(), { policy: defaultPolicy, until });
  const isVerdict = ({ event }: RecordedEvent) =>
    event.type === 'VerdictReached' && event.deployment === deployment;
  const verdict = (await rewind.recorded()).find(isVerdict);
  return {
    rollout: rollouts.find((rollout) => rollout.deployment === deployment),
    verdictDelaySeconds: verdict && (verdict.recordedAt - verdict.event.occurredAt) / 1000,
  };
}

/**
 * A discovery every period, as in an account; with notifications delivered it has little to tell.
 */
async function untilConcluded(rewind: RewindAtWork, deployment: DeploymentId | null) {
  const conclusion = async () =>
    (await rewind.decisions('RolloutConcluded')).find((concluded) => concluded.deployment === deployment);
  for (let period = 0; period < 20; period += 1) {
    const concluded = await conclusion();
    if (concluded !== undefined) return concluded;
    await rewind.pass(discoverySeconds);
    await rewind.discover();
  }
  throw new Error(`the rollout of ${deployment} was never concluded`);
}

describe.each(deliveries)('with notifications that arrive %s', (_how, delaysOf) => {
  it.each(stories)('the story %s ends as it has to', async (_name, story) => {
    const { ending } = await play(story, delaysOf());
    expect(ending).toEqual(endingOf(story));
  });
});

describe('with notifications that never arrive', () => {
  it.each(stories)(
    'the verdict on the story %s comes within a period of the discovery and a sweep, and is the same (I5)',
    async (_name, story) => {
      const { ending, verdictDelaySeconds } = await play(story, never);
      expect(ending).toEqual(endingOf(story));
      expect(verdictDelaySeconds).toBeLessThanOrEqual(discoverySeconds + sweepSeconds);
    },
  );
});
