import type { ObservedService } from '../../state-machines/log/observed-service';
import { deploymentId, revision, second } from './story';

type ShownDeployment = ObservedService['deployments'][number];

/** A service as ECS shows it: two tasks are wanted, and nothing more is said than what is given. */
export function observedService(told: Partial<ObservedService> = {}): ObservedService {
  return {
    exists: true,
    controller: 'ECS',
    desiredCount: 2,
    deploymentConfiguration: null,
    deployments: [],
    inProgress: null,
    serviceDeployments: [],
    lastSuccessful: null,
    earlierSuccessful: [],
    active: [],
    ...told,
  };
}

/** A deployment, complete since second 0, that runs two tasks of the revision of its number. */
export function observedDeployment(number: number, told: Partial<ShownDeployment> = {}): ShownDeployment {
  return {
    id: deploymentId(number),
    taskDefinition: revision(number),
    rolloutState: 'COMPLETED',
    runningCount: 2,
    createdAt: second(0),
    ...told,
  };
}
