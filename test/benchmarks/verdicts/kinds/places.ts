import type { Scene } from '../service/scene';
import { pick } from '../service/service-setting';
import type { RunningTask } from '../service/task-book';

export const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;

export function tasksInZone(scene: Scene, zone: string): readonly RunningTask[] {
  return scene.running().filter(({ availabilityZone }) => availabilityZone === zone);
}

/** What runs on one host: 6 to 20 % of the tasks, where notifications do not say which. */
export function hostOfSome(scene: Scene): readonly RunningTask[] {
  const running = scene.running();
  const hosts = new Set(running.map(({ host }) => host));
  const [host] = [...hosts];
  if (host === null || host === undefined) return scene.some(scene.random.between(0.06, 0.2));
  const chosen = pick(scene.random, [...hosts]);
  return running.filter((task) => task.host === chosen);
}
