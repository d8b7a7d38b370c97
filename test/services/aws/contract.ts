import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EcsSimulator, SteppedClock } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { cloudWatchAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { awsEcs } from '../../../services/aws/ecs/aws-ecs';
import { refusalOf } from '../../../services/aws/ecs/ecs';
import { awsInventory } from '../../../services/aws/ecs/inventory';
import { awsServiceProtections } from '../../../services/aws/ecs/service-protections';
import { parameterKillSwitch } from '../../../services/aws/parameter-kill-switch';
import { parseServiceArn, parseTaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';

/** Clients that reach a simulator, and what ends them. */
interface ContractClients {
  readonly ecs: ECSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly parameters: SSMClient;
  readonly stop: () => Promise<void>;
}

const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
const absent = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/absent');
const elsewhere = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/absent/web');
const origin = Date.UTC(2026, 0, 1);

/**
 * What Rewind's adapters see of one and the same ECS, whatever their clients reach it by. The
 * expectations are written out, so that two transports cannot be wrong in the same way.
 */
export function clientsContract(start: (simulator: EcsSimulator) => Promise<ContractClients>): void {
  let clients: ContractClients;
  let simulator: EcsSimulator;
  let clock: SteppedClock;
  const call = (operation: string, input: object) =>
    simulator.call(operation, input, { accessKeyId: 'people', userAgent: '', sourceIpAddress: '' });
  const register = (labels: Record<string, string>) => {
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels: labels }];
    const { taskDefinition } = call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
    return parseTaskDefinitionArn((taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn);
  };
  const question = { candidates: [] };

  beforeEach(async () => {
    clock = new SteppedClock(instantFrom(origin));
    simulator = new EcsSimulator({ clock, seed: 1, emit: () => {} });
    clients = await start(simulator);
    call('CreateCluster', { clusterName: 'prod' });
    const taskDefinition = register({});
    call('CreateService', { cluster: 'prod', serviceName: 'web', taskDefinition, desiredCount: 2 });
    clock.advanceBy(300.123);
  });
  afterEach(() => clients.stop());

  describe('a look at a service', () => {
    it('shows its deployment with instants to the millisecond', async () => {
      const { observed, tags } = await awsEcs(clients.ecs).observe(service, question);
      expect(observed.deployments).toEqual([
        expect.objectContaining({ rolloutState: 'COMPLETED', runningCount: 2, createdAt: origin }),
      ]);
      expect(observed.inProgress).toBeNull();
      expect(tags).toEqual([]);
    });

    it('says that one which does not exist does not, in a cluster that does not either', async () => {
      const ecs = awsEcs(clients.ecs);
      const looks = await Promise.all([ecs.observe(absent, question), ecs.observe(elsewhere, question)]);
      expect(looks.map(({ observed }) => observed.exists)).toEqual([false, false]);
    });

    it('tells a task definition that is ACTIVE from one that is not, and from none', async () => {
      const inactive = register({});
      call('DeregisterTaskDefinition', { taskDefinition: inactive });
      const none = parseTaskDefinitionArn(inactive.replace(/\d+$/, '99'));
      const active = register({});
      const candidates = [active, inactive, none];
      const { observed } = await awsEcs(clients.ecs).observe(service, { candidates });
      expect(observed.active).toEqual([active]);
      expect(observed.inactive).toEqual([inactive]);
    });

    it('shows its tasks and deployments as facts with whole milliseconds', async () => {
      const facts = await awsEcs(clients.ecs).facts(service);
      expect(facts.map(({ type }) => type)).toContain('TaskChanged');
      for (const { occurredAt } of facts) expect(Number.isInteger(occurredAt)).toBe(true);
    });
  });

  describe('a way back', () => {
    it('by UpdateService names the deployment that it makes', async () => {
      const target = register({});
      const ecs = awsEcs(clients.ecs);
      const { deployment } = await ecs.updateService(service, { target, parameters: {}, isForced: false });
      expect(deployment).toBe(await ecs.primaryOf(service));
      expect(deployment).toMatch(/^ecs-svc\/\d+$/);
    });

    it('by StopServiceDeployment is known to be at its request', async () => {
      call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: register({}) });
      clock.advanceBy(1);
      const { observed } = await awsEcs(clients.ecs).observe(service, question);
      const receipt = await awsEcs(clients.ecs).stopServiceDeployment(observed.inProgress?.arn ?? '');
      expect(receipt.isOnRequest).toBe(true);
    });

    it('that ECS refuses is refused for good, and one that is outdated is not', async () => {
      const ecs = awsEcs(clients.ecs);
      const target = register({});
      const refused = ecs.updateService(absent, { target, parameters: {}, isForced: false });
      expect(await refused.catch(refusalOf)).toBe('terminal');
      const unknown = ecs.stopServiceDeployment(
        service.replace(':service/', ':service-deployment/').concat('/aaaaaaaaaaaaaaaaaaaaa'),
      );
      expect(await unknown.catch(refusalOf)).toBe('outdated');
    });

    it('that is throttled is tried again', async () => {
      simulator.faults.fail({ operation: 'UpdateService', error: 'ThrottlingException', message: 'slow' });
      const update = { target: register({}), parameters: {}, isForced: false };
      expect(await awsEcs(clients.ecs).updateService(service, update).catch(refusalOf)).toBe('retryable');
    });
  });

  it('lists the services of all clusters, and changes their protection', async () => {
    const services = [];
    for await (const one of awsInventory(clients.ecs).services()) services.push(one);
    expect(services).toEqual([service]);
    const deploymentCircuitBreaker = { enable: true, rollback: true };
    const protections = awsServiceProtections(clients.ecs);
    const { configuration } = await protections.update(service, { deploymentCircuitBreaker });
    expect(configuration.deploymentCircuitBreaker).toMatchObject(deploymentCircuitBreaker);
  });

  it('reads the state of alarms, and says which one there is not', async () => {
    call('PutMetricAlarm', {
      ...{ AlarmName: 'errors', Namespace: 'web', MetricName: 'errors', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    });
    call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'stated' });
    expect(await cloudWatchAlarms(clients.cloudWatch).read(['errors', 'absent'], service)).toEqual([
      { alarm: 'errors', state: 'ALARM', since: clock.now() },
      { alarm: 'absent', state: 'missing', since: null },
    ]);
  });

  it('calls alarms unreadable where CloudWatch refuses', async () => {
    simulator.faults.deny({ operation: 'DescribeAlarms' });
    const [reading] = await cloudWatchAlarms(clients.cloudWatch).read(['errors'], service);
    expect(reading?.state).toBe('unreadable');
  });

  it('reads the kill switch, and is held back where there is none', async () => {
    const killSwitch = parameterKillSwitch(clients.parameters, '/rewind/switch');
    expect(await killSwitch.heldBecause()).toMatch(/cannot be read: ParameterNotFound/);
    call('PutParameter', { Name: '/rewind/switch', Value: 'off' });
    expect(await killSwitch.heldBecause()).toBeNull();
  });
}
