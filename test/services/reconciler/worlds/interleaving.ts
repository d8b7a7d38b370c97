import { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import type { ReconcilerParts } from '../../../../services/reconciler/reconcile';
import { finishAll, pick, Reconciling } from './reconciling';
import { type BadRollout, RollbackWorld } from './rollback-world';

export interface Interleaved {
  readonly world: RollbackWorld;
  /** How many bad deployments there were: the first, and those that a pipeline made of it again. */
  readonly badDeployments: string[];
}

const turnsAtMost = 260;

interface InterleavingOptions {
  readonly seed: number;
  readonly log?: EventLog;
  /** Replaces parts of every reconciler: what a test breaks on purpose. */
  readonly broken?: (parts: ReconcilerParts) => Partial<ReconcilerParts>;
}

/**
 * Several reconcilers on one failing rollout, in an order that the seed decides: at every turn one
 * of their pending effects goes on, time passes, notifications arrive, one more is woken, one dies,
 * or the pipeline deploys the bad revision again.
 */
export async function interleave({
  seed,
  log = memoryEventLog(),
}: InterleavingOptions): Promise<Interleaved> {
  const random = new SeededRandom(seed);
  const rollout: BadRollout = {
    crashes: pick(random, ['at once', 'at once', 'in the bake'] as const),
    breaker: pick(random, ['none', 'rolls back', 'rolls back', 'only fails'] as const),
  };
  const world = await RollbackWorld.start({ log, seed, rollout });
  const badDeployments = [world.primary().id];
  const pace = pick(random, [1, 3, 10] as const);
  let running: Reconciling[] = [];
  for (let turn = 0; turn < turnsAtMost; turn += 1) {
    const chance = random.integer(0, 99);
    if (running.length === 0 || (chance < 6 && running.length < 4)) running.push(await wakeOne(world));
    else if (chance < 14) await letTimePass(world, random.integer(1, 8) * pace);
    else if (chance < 22) await world.deliver();
    else if (chance < 24) running.splice(random.integer(0, running.length - 1), 1);
    else if (chance < 26) await deployAgain(world, { rollout, badDeployments });
    else await pick(random, running).goOn();
    running = running.filter(({ hasEnded }) => !hasEnded);
  }
  await finishAll(running);
  await world.settle();
  return { world, badDeployments };
}

/**
 * Notifications may lag behind, but less than a bake lasts: a failure told after that is another
 * story.
 */
async function letTimePass(world: RollbackWorld, seconds: number): Promise<void> {
  if (seconds > 20) await world.deliver();
  world.clock.advanceBy(seconds);
}

async function wakeOne(world: RollbackWorld): Promise<Reconciling> {
  const reconciling = new Reconciling(() => world.clock.now());
  const reconcile = world.reconcilerBehind(reconciling);
  await reconciling.start(() => reconcile(world.wakeUp()));
  return reconciling;
}

/** Once the service is back, the pipeline brings the bad revision out again: at most twice. */
async function deployAgain(
  world: RollbackWorld,
  { rollout, badDeployments }: { rollout: BadRollout; badDeployments: string[] },
): Promise<void> {
  if (world.primary().taskDefinition === world.bad || badDeployments.length > 2) return;
  // Two deployments in the same millisecond have no order that anybody could know.
  world.clock.advanceBy(1);
  await world.deployBad(rollout);
  badDeployments.push(world.primary().id);
}
