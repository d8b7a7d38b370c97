/** The service as ECS describes it, with its tasks that run or are meant to. */
export interface ServiceNow {
  readonly service: {
    readonly taskDefinition: string;
    readonly runningCount: number;
    readonly desiredCount: number;
    readonly deployments: readonly {
      readonly id: string;
      readonly status: string;
      readonly rolloutState?: string;
    }[];
  };
  readonly tasks: readonly {
    readonly lastStatus: string;
    readonly healthStatus?: string;
    readonly taskDefinitionArn: string;
  }[];
}

/** Whether the service does nothing but run healthy tasks of one completed deployment. */
export function isAtRest({ service, tasks }: ServiceNow): boolean {
  const [deployment, ...others] = service.deployments;
  const isComplete = deployment?.rolloutState === 'COMPLETED' && others.length === 0;
  const running = tasks.filter(
    ({ lastStatus, healthStatus, taskDefinitionArn }) =>
      lastStatus === 'RUNNING' &&
      healthStatus !== 'UNHEALTHY' &&
      taskDefinitionArn === service.taskDefinition,
  );
  return isComplete && running.length === service.desiredCount && tasks.length === running.length;
}
