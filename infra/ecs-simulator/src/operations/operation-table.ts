import { namedByCloudWatch, type Operation } from '../api/operation';
import { alarmTagOperations } from './cloudwatch/alarm-tags';
import { alarmOperations } from './cloudwatch/alarms';
import { metricOperations } from './cloudwatch/metrics';
import { clusterOperations } from './clusters';
import { eventOperations } from './events';
import { imageOperations } from './images';
import { listenerRuleOperations } from './listener-rules';
import { loadBalancerOperations } from './load-balancers';
import { logOperations } from './logs';
import { parameterOperations } from './parameters';
import { serviceDeploymentOperations } from './service-deployments/service-deployments';
import { serviceOperations } from './services/services';
import { tagOperations } from './tags';
import { taskDefinitionOperations } from './task-definitions';
import { taskOperations } from './tasks';

type Operations = Readonly<Record<string, Operation>>;

/** Every operation the simulator speaks, by service, as a request names it, and by name. */
const operationsByService: Readonly<Record<string, Operations>> = {
  AmazonEC2ContainerServiceV20141113: {
    ...clusterOperations,
    ...taskDefinitionOperations,
    ...serviceOperations,
    ...serviceDeploymentOperations,
    ...taskOperations,
    ...tagOperations,
  },
  GraniteServiceVersion20100801: namedByCloudWatch({
    ...alarmOperations,
    ...alarmTagOperations,
    ...metricOperations,
  }),
  AWSEvents: eventOperations,
  AmazonSSM: parameterOperations,
  AmazonEC2ContainerRegistry_V20150921: imageOperations,
  Logs_20140328: logOperations,
  ElasticLoadBalancingV2: { ...loadBalancerOperations, ...listenerRuleOperations },
};

/** What ECS has an operation of the same name for. */
const otherNames: Readonly<Record<string, string>> = {
  'GraniteServiceVersion20100801.TagResource': 'CloudWatch.TagResource',
  'GraniteServiceVersion20100801.UntagResource': 'CloudWatch.UntagResource',
  'GraniteServiceVersion20100801.ListTagsForResource': 'CloudWatch.ListTagsForResource',
};

/**
 * The name of an operation of a service among `operations`, or one that is not among them for what
 * the service does not have; null where the service is none of those here.
 */
export function operationName(service: string, operation: string): string | null {
  const ofService = Object.hasOwn(operationsByService, service) ? operationsByService[service] : undefined;
  if (ofService === undefined) return null;
  const qualified = `${service}.${operation}`;
  return Object.hasOwn(ofService, operation) ? (otherNames[qualified] ?? operation) : qualified;
}

/** Every operation, by a name that no other has. */
export const operations: Operations = Object.fromEntries(
  Object.entries(operationsByService).flatMap(([service, ofService]) =>
    Object.entries(ofService).map(([name, operation]) => [operationName(service, name), operation]),
  ),
);
