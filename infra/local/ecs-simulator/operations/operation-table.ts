import { clusterOperations } from './clusters';
import type { Operation } from './operation';
import { serviceDeploymentOperations } from './service-deployments';
import { serviceOperations } from './services';
import { tagOperations } from './tags';
import { taskDefinitionOperations } from './task-definitions';
import { taskOperations } from './tasks';

/** Every operation the simulator speaks, by its name in `X-Amz-Target`. */
export const operations: Readonly<Record<string, Operation>> = {
  ...clusterOperations,
  ...taskDefinitionOperations,
  ...serviceOperations,
  ...serviceDeploymentOperations,
  ...taskOperations,
  ...tagOperations,
};
