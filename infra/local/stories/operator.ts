import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  type HealthCheck,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  type DeploymentId,
  parseDeploymentId,
  parseServiceArn,
  parseTaskDefinitionArn,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';

/** The access key that the operator signs with. */
export const operatorAccessKey = 'operator';

const cluster = 'prod';
const name = 'web';
const desiredCount = 3;

/** A revision of the task definition `web`. */
export interface Revision {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck?: HealthCheck;
}

export interface DeploymentRequest {
  readonly taskDefinition: TaskDefinitionArn;
  /** ECS takes a deployment back by itself after so many failed tasks; it never does if left out. */
  readonly circuitBreaker?: { readonly failures: number };
}

/** The service as ECS describes it, with its tasks that run or are meant to. */
export interface ServiceNow {
  readonly service: Service;
  readonly tasks: readonly Task[];
}

/** A person who runs service `prod/web` with the AWS SDK, and knows nothing of Rewind. */
export class Operator {
  readonly #ecs: ECSClient;

  constructor(ecs: ECSClient) {
    this.#ecs = ecs;
  }

  async register({ image, labels, healthCheck }: Revision): Promise<TaskDefinitionArn> {
    const container = { name: 'app', image, dockerLabels: labels, ...(healthCheck && { healthCheck }) };
    const { taskDefinition } = await this.#ecs.send(
      new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [container] }),
    );
    return parseTaskDefinitionArn(taskDefinition?.taskDefinitionArn ?? '');
  }

  /** Creates the cluster, and in it the service. */
  async create(
    taskDefinition: TaskDefinitionArn,
  ): Promise<{ readonly service: ServiceArn; readonly deployment: DeploymentId }> {
    await this.#ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const { service } = await this.#ecs.send(
      new CreateServiceCommand({ cluster, serviceName: name, taskDefinition, desiredCount }),
    );
    return { service: parseServiceArn(service?.serviceArn ?? ''), deployment: primaryOf(service) };
  }

  async deploy({ taskDefinition, circuitBreaker }: DeploymentRequest): Promise<DeploymentId> {
    const configuration = circuitBreaker && {
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'COUNT' as const, value: circuitBreaker.failures },
        },
      },
    };
    const { service } = await this.#ecs.send(
      new UpdateServiceCommand({ cluster, service: name, taskDefinition, ...configuration }),
    );
    return primaryOf(service);
  }

  async look(): Promise<ServiceNow> {
    const { services } = await this.#ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
    const { taskArns = [] } = await this.#ecs.send(new ListTasksCommand({ cluster, serviceName: name }));
    const described =
      taskArns.length === 0
        ? { tasks: [] }
        : await this.#ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return { service: services?.[0] ?? {}, tasks: described.tasks ?? [] };
  }
}

function primaryOf(service: Service | undefined): DeploymentId {
  return parseDeploymentId(service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? '');
}

/** Whether the service does nothing but run healthy tasks of one completed deployment. */
export function isAtRest({ service, tasks }: ServiceNow): boolean {
  const [deployment, ...others] = service.deployments ?? [];
  const isComplete = deployment?.rolloutState === 'COMPLETED' && others.length === 0;
  const running = tasks.filter(
    ({ lastStatus, healthStatus, taskDefinitionArn }) =>
      lastStatus === 'RUNNING' &&
      healthStatus !== 'UNHEALTHY' &&
      taskDefinitionArn === service.taskDefinition,
  );
  return isComplete && running.length === service.desiredCount && tasks.length === running.length;
}
