import { afterEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { discoverySeconds, sweepSeconds } from '../../../infra/local/rewind-in-process';
import { Operator } from '../../../infra/local/stories/operator';
import { type Scenario, scenarios } from '../../../infra/local/stories/scenarios';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import {
  type DeploymentId,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import { never, RewindAtWork } from './rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

const seed = 23;
const random = new SeededRandom(seed);
const withinTenMinutes = () => random.between(0, 600);

const deliveries: [string, () => readonly number[]][] = [
  ['three times', () => [0, 3, 40]],
  [`shuffled within ten minutes (seed ${seed})`, () => [withinTenMinutes()]],
  ['ten minutes late', () => [600]],
];

const stories = Object.entries<Scenario>(scenarios);

function endingOf({ ending }: Scenario) {
  const { outcome, rollback, runs, writes } = ending;
  const verdict = outcome === 'succeeded' ? 'passed' : 'failed';
  return { outcome, by: rollback?.by ?? null, verdict, runs, writes: writes.length };
}

/** Plays a story of the demo on Rewind; what became of its second rollout. */
async function play({ policy, labels, healthCheck, request }: Scenario, delaysOf: () => readonly number[]) {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  rewind.delaysOf = delaysOf;
  const operator = new Operator(rewind.ecs.client);
  const common = healthCheck === undefined ? {} : { healthCheck };
  const good = await operator.register({ image: 'example/web:1', labels: {}, ...common });
  await untilConcluded(rewind, (await operator.create(good)).deployment);
  const bad = await operator.register({ image: 'example/web:2', labels, ...common });
  const deployment = await operator.deploy({ taskDefinition: bad, ...request });
  const writesBefore = writesOf(rewind);
  await untilConcluded(rewind, deployment);
  const { rollout, verdictDelaySeconds } = await toldOf(rewind, deployment);
  const ending = {
    outcome: rollout?.outcome,
    by: rollout?.rollback?.by ?? null,
    verdict: rollout?.verdict?.result,
    runs: shortTaskDefinition((await rewind.runs()) as TaskDefinitionArn),
    writes: writesOf(rewind) - writesBefore,
  };
  return { ending, verdictDelaySeconds };
}

async function toldOf(rewind: RewindAtWork, deployment: DeploymentId) {
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

/** A discovery every period, as in an account; with notifications delivered it has little to tell. */
async function untilConcluded(rewind: RewindAtWork, deployment: DeploymentId) {
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

function writesOf(rewind: RewindAtWork): number {
  return rewind.writes('StopServiceDeployment') + rewind.writes('UpdateService');
}

describe.each(deliveries)('with notifications that arrive %s', (_how, delaysOf) => {
  it.each(stories)('the story %s of the demo ends as it has to', async (_name, scenario) => {
    const { ending } = await play(scenario, delaysOf);
    expect(ending).toEqual(endingOf(scenario));
  });
});

describe('with notifications that never arrive', () => {
  it.each(stories)(
    'the verdict on the story %s comes within a period of the discovery and a sweep, and is the same',
    async (_name, scenario) => {
      const { ending, verdictDelaySeconds } = await play(scenario, never);
      expect(ending).toEqual(endingOf(scenario));
      expect(verdictDelaySeconds).toBeLessThanOrEqual(discoverySeconds + sweepSeconds);
    },
  );
});
