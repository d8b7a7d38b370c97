import { DescribeTasksCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, it } from 'vitest';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { awsTests } from '../../../../services/aws/tests/aws-tests';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { DeploymentId } from '../../../../state-machines/log/identifiers';
import type { ReleaseTest } from '../../../../state-machines/log/traffic/release-test';
import { SimulatedEcs } from '../../../infra/ecs-simulator/simulated-ecs';
import { service } from '../../reconciler/worlds/rewind-at-work';

let ecs: SimulatedEcs;
afterEach(() => ecs.stop());

it('a test that is a task runs in the subnets of its service, and is none of its tasks', async () => {
  ecs = await SimulatedEcs.start();
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-0web'] } };
  const taskDefinition = await ecs.register();
  await ecs.create({ taskDefinition, networkConfiguration });
  const clients = inProcessClients(ecs.simulator, 'rewind');
  const tests = awsTests(() => ({
    ...clients,
    logs: async () => clients.logs,
    lambda: async () => clients.lambda,
  }));
  const policy = parsePolicyFile(
    'defaults: { tests: [{ name: smoke, task: { taskDefinition: "web:1" } }] }',
    'p',
  );
  const [test] = policy.policyFor(service).tests;
  const rollout = { deployment: 'ecs-svc/1' as DeploymentId, startedAt: ecs.clock.now() };
  const begun = await tests.begin(service, { rollout, test: test as ReleaseTest, attempt: 1 });
  const tasks = [begun.kind === 'begun' ? begun.task : ''];
  const described = await ecs.client.send(new DescribeTasksCommand({ cluster: 'prod', tasks }));
  const [task] = described.tasks ?? [];
  expect(task).toMatchObject({ group: 'rewind-test', startedBy: 'rewind-test/smoke' });
  expect(task?.attachments?.[0]?.details).toContainEqual({ name: 'subnetId', value: 'subnet-0web' });
});
