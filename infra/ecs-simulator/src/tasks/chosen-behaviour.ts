import type { Task } from '../model/task';
import type { World } from '../model/world';

/** Asks whoever made the simulator how the containers of a task behave from now on. */
export function chooseBehaviours(world: World, task: Task): void {
  for (const container of task.containers) {
    const { id, startedBy, lastStatus, availabilityZone } = task;
    container.behaviour =
      world.chooseBehaviour({
        ...{ id, startedBy, lastStatus, availabilityZone },
        taskDefinition: task.taskDefinition.arn,
        container: container.definition.name,
        containerInstance: task.containerInstance?.arn ?? null,
      }) ?? container.behaviour;
  }
}
