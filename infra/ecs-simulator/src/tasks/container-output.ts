import type { Task, TaskContainer } from '../model/task';
import type { World } from '../model/world';

/**
 * What a container writes before it exits, into the stream that the awslogs driver names after the
 * task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export function writeLastLines({ clock, logs }: World, task: Task, { definition }: TaskContainer): void {
  const { name, log, says } = definition;
  if (log === null) return;
  const stream = `${log.streamPrefix}/${name}/${task.id}`;
  for (const message of says) logs.write({ group: log.group, stream }, { at: clock.now(), message });
}
