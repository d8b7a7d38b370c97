import type { DeploymentId, EventId } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { TaskChanged } from '../../../../state-machines/log/observed-events';
import type { RollbackWorld } from './rollback-world';

/** What is told of a task that has crashed. */
export const crashedTask: Partial<TaskChanged> = {
  version: 9,
  lastStatus: 'STOPPED',
  stopped: {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1, reason: null }],
  },
};

type TellTask = (id: string, occurredAt: Instant, facts?: Partial<TaskChanged>) => Promise<unknown>;

/** Tells of further tasks of the deployment that the service works towards: they wait to run. */
export async function tellerOfTasks(world: RollbackWorld): Promise<TellTask> {
  const events = await world.events();
  const pattern = events.findLast((event): event is TaskChanged => event.type === 'TaskChanged');
  if (pattern === undefined) throw new Error('no task was told of');
  const deployment = world.primary().id as DeploymentId;
  const waiting = { ...pattern, deployment, version: 1, lastStatus: 'PENDING', stopped: null };
  return (id, occurredAt, facts = {}) =>
    world.log.append({
      event: { ...waiting, id: id as EventId, task: id, occurredAt, ...facts },
      recordedAt: world.clock.now(),
      notification: null,
    });
}

/** Lets time pass, a second at a time, and wakes Rewind where something is new. */
export async function passAwake(world: RollbackWorld, wake: () => Promise<unknown>): Promise<void> {
  for (let second = 0; second < 200; second += 1) {
    world.clock.advanceBy(1);
    await world.deliver();
    if (world.hasNews) await wake();
  }
}
