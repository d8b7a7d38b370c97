import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type DeploymentConfiguration, DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { setVariables } from '../../../infra/local/process-environment';
import { dynamoDbProtectionLog, type ProtectionLog } from '../../../services/event-log/protection-log';
import { type GuardParts, type GuardResult, guard } from '../../../services/guard/guard';
import { type GuardClients, guardClients } from '../../../services/guard/guard-clients';
import { isSurveyed, type SurveyedService, survey } from '../../../services/guard/survey';
import { type UndoResult, undo } from '../../../services/guard/undo';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { parseServiceArn, partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { ProtectionActor, ProtectionEvent } from '../../../state-machines/protection/protection-events';
import { openOwnTable } from '../../fixtures/own-table';
import { SimulatedEcs } from '../../infra/ecs-simulator/simulated-ecs';

/**
 * An account of simulated services with DynamoDB Local beside it, and the guard as it is deployed,
 * in the simulator's time.
 */
export class GuardedAccount {
  readonly ecs: SimulatedEcs;
  readonly dynamoDb: LocalTable;
  readonly log: ProtectionLog;
  readonly place: GuardClients;
  readonly #putBack: () => void;
  readonly #loadBalancing: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;

  static async start(options: { throttles?: boolean } = {}): Promise<GuardedAccount> {
    const [ecs, dynamoDb] = await Promise.all([SimulatedEcs.start(1, options), openOwnTable()]);
    return new GuardedAccount(ecs, dynamoDb);
  }

  private constructor(ecs: SimulatedEcs, dynamoDb: LocalTable) {
    this.ecs = ecs;
    this.dynamoDb = dynamoDb;
    // Whoever reads them calls as Rewind: the clients of the guard below, and a command in a
    // process of its own.
    this.#putBack = setVariables({
      ...dynamoDb.environment,
      AWS_ENDPOINT_URL: ecs.endpoint,
      AWS_ACCESS_KEY_ID: 'rewind',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
      REWIND_TABLE: dynamoDb.tableName,
    });
    this.log = dynamoDbProtectionLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    const { clock } = ecs;
    const wait = async (milliseconds: number) => clock.advanceBy(milliseconds / 1000);
    this.place = guardClients({}, { now: () => clock.now(), wait });
    this.#loadBalancing = new ElasticLoadBalancingV2Client({});
    this.cloudWatch = new CloudWatchClient({});
  }

  async stop(): Promise<void> {
    this.#loadBalancing.destroy();
    this.cloudWatch.destroy();
    this.#putBack();
    await this.ecs.stop();
    await this.dynamoDb.stop();
  }

  parts(policy: string, actor: ProtectionActor = 'guard'): GuardParts {
    const policies = parsePolicyFile(policy, 'policy.yml');
    return {
      ...this.place,
      policies,
      log: this.log,
      now: () => this.ecs.clock.now(),
      actor,
      killSwitch: null,
      call: null,
    };
  }

  /** A target group behind an Application Load Balancer of the same name; answers with its ARN. */
  async targetGroup(name: string): Promise<string> {
    const { LoadBalancers = [] } = await this.#loadBalancing.send(
      new CreateLoadBalancerCommand({ Name: name }),
    );
    const { TargetGroups = [] } = await this.#loadBalancing.send(
      new CreateTargetGroupCommand({ Name: name, Port: 80 }),
    );
    const arn = TargetGroups[0]?.TargetGroupArn ?? '';
    await this.#loadBalancing.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
      }),
    );
    return arn;
  }

  async plan(policy: string): Promise<SurveyedService[]> {
    const surveyed = await collected(survey(this.parts(policy), this.place.inventory.services()));
    return surveyed.filter(isSurveyed);
  }

  guard(policy: string, actor?: ProtectionActor): Promise<GuardResult[]> {
    return collected(guard(this.parts(policy, actor), this.place.inventory.services()));
  }

  undo(policy = ''): Promise<UndoResult[]> {
    return collected(undo(this.parts(policy, 'operator'), this.place.inventory.services()));
  }

  events(service: string): Promise<ProtectionEvent[]> {
    return collected(this.log.read(serviceArn(service))).then((recorded) =>
      recorded.map(({ event }) => event),
    );
  }

  /** What DescribeServices shows, by the names of services. */
  async configurations(services: readonly string[]): Promise<Map<string, DeploymentConfiguration>> {
    const shown = new Map<string, DeploymentConfiguration>();
    for (let start = 0; start < services.length; start += 10) {
      const { services: described = [] } = await this.ecs.client.send(
        new DescribeServicesCommand({ cluster: 'prod', services: services.slice(start, start + 10) }),
      );
      for (const { serviceName = '', deploymentConfiguration = {} } of described)
        shown.set(serviceName, deploymentConfiguration);
    }
    return shown;
  }

  async alarmNames(): Promise<string[]> {
    const { MetricAlarms = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
    return MetricAlarms.map(({ AlarmName = '' }) => AlarmName).sort();
  }
}

export function serviceArn(name: string): ServiceArn {
  return parseServiceArn(`arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`);
}

/** Results by the name of the service. */
export function byName<Result extends { readonly service: ServiceArn }>(
  results: readonly Result[],
): Map<string, Result> {
  return new Map(results.map((result) => [partsOfService(result.service).name, result]));
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
