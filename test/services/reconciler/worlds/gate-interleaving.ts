import { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import { GatedService } from '../gates/gated-service';
import { gatedEcs, gatedLog, gatedTests } from './gated-effects';
import { finishAll, pick, Reconciling } from './reconciling';
import { service } from './rewind-at-work';

const stages = ['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'];

/** How a release turns out. */
const releases = {
  good: { test: { 'rewind.exit-code': '0' }, labels: {} },
  'failing its test': { test: { 'rewind.exit-code': '1' }, labels: {} },
  crashing: {
    test: { 'rewind.exit-code': '0' },
    labels: { 'rewind.behaviour': 'crash', 'rewind.crash-after': '260' },
  },
} as const;

interface SentAnswer {
  readonly hookId: string;
  readonly action: string;
}

export interface InterleavedGates {
  readonly gated: GatedService;
  readonly release: keyof typeof releases;
  readonly stable: string;
  readonly next: string;
  /** Every answer that was sent to ECS, whatever came of it. */
  readonly sent: readonly SentAnswer[];
}

const turnsAtMost = 200;

/**
 * Several reconcilers on one release that goes from gate to gate, in an order that the seed
 * decides: at every turn one of their pending effects goes on, time passes, one more is woken, or
 * one dies. Then Rewind is left to itself until nothing is under way.
 */
export async function interleaveAtGates(seed: number): Promise<InterleavedGates> {
  const random = new SeededRandom(seed);
  const release = pick(random, ['good', 'good', 'failing its test', 'crashing'] as const);
  const more = 'tests: [{ name: smoke, task: { taskDefinition: web-smoke }, retries: 1 }]';
  const gated = await GatedService.start(stages, { more });
  const { test, labels } = releases[release];
  gated.registerTest({ 'rewind.behaviour': 'crash', 'rewind.crash-after': '10', ...test });
  const stable = await gated.rewind.withStable();
  const next = await gated.deploy(labels);
  await gated.rewind.pass(30);
  gated.rewind.isAwake = false;
  const sent: SentAnswer[] = [];
  let running: Reconciling[] = [];
  for (let turn = 0; turn < turnsAtMost; turn += 1) {
    const chance = random.integer(0, 99);
    if (running.length === 0 || (chance < 6 && running.length < 4)) running.push(await wakeOne(gated, sent));
    else if (chance < 20) await gated.rewind.pass(random.integer(1, 12));
    else if (chance < 23) running.splice(random.integer(0, running.length - 1), 1);
    else await pick(random, running).goOn();
    running = running.filter(({ hasEnded }) => !hasEnded);
  }
  await finishAll(running);
  gated.rewind.isAwake = true;
  await gated.rewind.pass(2_400);
  return { gated, release, stable, next, sent };
}

async function wakeOne(gated: GatedService, sent: SentAnswer[]): Promise<Reconciling> {
  const { rewind, policies } = gated;
  const reconciling = new Reconciling(() => rewind.ecs.clock.now());
  const own = gated.ownEcs();
  const ecs: Ecs = {
    ...own,
    async answerHook(hook) {
      sent.push({ hookId: hook.id, action: hook.action });
      return own.answerHook(hook);
    },
  };
  const reconcile = rewind.reconcilerWith({
    policies,
    log: gatedLog(rewind.log, reconciling),
    ecs: gatedEcs(ecs, reconciling),
    tests: gatedTests(rewind.rewindsTests(), reconciling),
  });
  await reconciling.start(() => reconcile({ service, changedFrom: null }));
  return reconciling;
}
