import { alarmOperations } from './alarms';
import { clusterOperations } from './clusters';
import { eventOperations } from './events';
import { metricOperations } from './metrics';
import { namedByCloudWatch, type Operation } from './operation';
import { serviceDeploymentOperations } from './service-deployments';
import { serviceOperations } from './services';
import { tagOperations } from './tags';
import { taskDefinitionOperations } from './task-definitions';
import { taskOperations } from './tasks';

type Operations = Readonly<Record<string, Operation>>;

/** Every operation the simulator speaks, by service, as `X-Amz-Target` names it, and by name. No two services share a name. */
export const operationsByService: Readonly<Record<string, Operations>> = {
  AmazonEC2ContainerServiceV20141113: {
    ...clusterOperations,
    ...taskDefinitionOperations,
    ...serviceOperations,
    ...serviceDeploymentOperations,
    ...taskOperations,
    ...tagOperations,
  },
  GraniteServiceVersion20100801: namedByCloudWatch({ ...alarmOperations, ...metricOperations }),
  AWSEvents: eventOperations,
};

export const operations: Operations = Object.assign({}, ...Object.values(operationsByService));
