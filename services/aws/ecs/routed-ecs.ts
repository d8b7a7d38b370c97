import type { Ecs } from './ecs';

/** ECS wherever services run: each question and call goes to the one that `ecsAt` finds for the ARN in it. */
export function routedEcs(ecsAt: (arn: string) => Ecs): Ecs {
  return {
    observe: async (service, question) => ecsAt(service).observe(service, question),
    facts: async (service) => ecsAt(service).facts(service),
    parametersLeftBehind: async (service, target) => ecsAt(service).parametersLeftBehind(service, target),
    stopServiceDeployment: async (arn) => ecsAt(arn).stopServiceDeployment(arn),
    updateService: async (service, update) => ecsAt(service).updateService(service, update),
  };
}
