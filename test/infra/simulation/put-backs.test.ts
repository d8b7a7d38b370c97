import { describe, expect, it } from 'vitest';
import { type PutBackName, putBacks } from '../../../infra/simulation/put-back/put-backs';
import { runSeed } from '../../../infra/simulation/search/seeded-run';
import { type Plan, planOf } from '../../../infra/simulation/world/plan';
import type { PlanItem } from '../../../infra/simulation/world/plan-items';
import { alarmName } from '../../../infra/simulation/world/settings';

/** An alarm of the policy is raised as somebody deploys, and no probation watches it. */
function raisesUnwatchedAlarm({ settings: { policy }, items }: Plan): boolean {
  const deploys = items.filter((item) => 'act' in item && item.act === 'deploy');
  const isSoonAfterOne = ({ at }: PlanItem) =>
    deploys.some((deploy) => at > deploy.at && at <= deploy.at + 3);
  const raises = (item: PlanItem) => 'act' in item && item.act === 'setAlarm' && item.state === 'ALARM';
  const isOfPolicy = policy.alarms.includes(alarmName) && policy.probationSeconds === 0;
  return isOfPolicy && items.some((item) => raises(item) && isSoonAfterOne(item));
}

/**
 * Those that a few runs show, and of which plans. The others are for `npm run simulate:faults`:
 * they take a call at one certain moment, or an outage of hours, and are found in hundreds of runs.
 */
const mayShow: Partial<Record<PutBackName, (plan: Plan) => boolean>> = {
  'end-before-start': ({ settings }) => settings.policy.bakeSeconds === 0,
  'last-completed-is-stable': () => true,
  'known-by-deployment': () => true,
  'watched-alarms-only': raisesUnwatchedAlarm,
};

const triesAtMost = 25;

function* seedsFor(name: PutBackName): Generator<number> {
  for (let seed = 1, tries = 0; tries < triesAtMost; seed += 1) {
    if (mayShow[name]?.(planOf(seed)) !== true) continue;
    tries += 1;
    yield seed;
  }
}

describe('a fault that was mended', () => {
  it.each(Object.keys(mayShow) as PutBackName[])(
    'is found by an oracle within a few runs when it is put back: %s',
    async (name) => {
      const { changed } = putBacks[name];
      let found = 0;
      for (const seed of seedsFor(name)) {
        found = (await runSeed(seed, { changed })).findings.length;
        if (found > 0) break;
      }
      expect(found).toBeGreaterThan(0);
    },
  );
});
