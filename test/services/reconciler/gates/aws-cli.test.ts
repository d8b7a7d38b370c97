import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { GatedService } from './gated-service';

const skeleton = ['ecs', 'continue-service-deployment', '--generate-cli-skeleton'];
const isThere = spawnSync('aws', skeleton).status === 0;

let gated: GatedService;
afterEach(() => gated.rewind.stop());

/** Runs `aws ecs` as somebody at a terminal does, and returns the words that it printed. */
async function awsEcsCommand(...words: string[]): Promise<string[]> {
  const endpoint = ['--endpoint-url', gated.rewind.ecs.endpoint, '--output', 'text'];
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'person',
    AWS_SECRET_ACCESS_KEY: 'unused',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
  };
  const { stdout } = await promisify(execFile)('aws', ['ecs', ...words, ...endpoint], { env });
  return stdout.split(/\s+/).filter((word) => word !== '');
}

const web = ['--cluster', 'prod', '--service', 'web'];

/** The service deployment, and the hook at which ECS waits. */
async function waitingHook(): Promise<[serviceDeployment: string, hook: string]> {
  const [arn = ''] = await awsEcsCommand(
    ...['list-service-deployments', ...web],
    ...['--query', 'serviceDeployments[0].serviceDeploymentArn'],
  );
  const [hook = ''] = await awsEcsCommand(
    ...['describe-service-deployments', '--service-deployment-arns', arn],
    ...['--query', 'serviceDeployments[0].lifecycleHookDetails[?status==`AWAITING_ACTION`].hookId'],
  );
  return [arn, hook];
}

describe.skipIf(!isThere)('the AWS CLI (skipped where none is that knows PAUSE hooks)', () => {
  it('sets a PAUSE hook and answers it: Rewind notices, and does not answer again', async () => {
    gated = await GatedService.start(['POST_TEST_TRAFFIC_SHIFT'], { gates: 'minimumSeconds: 3000' });
    await gated.rewind.withStable();
    await gated.rewind.ecs.register();
    await awsEcsCommand(
      ...['update-service', ...web, '--task-definition', 'web'],
      ...['--load-balancers', JSON.stringify(loadBalancers)],
      ...['--deployment-configuration', JSON.stringify(gated.canary())],
    );
    await gated.passUntilWaiting();
    await gated.rewind.pass(60);
    const [arn, hook] = await waitingHook();
    const named = ['--service-deployment-arn', arn, '--hook-id', hook];
    await awsEcsCommand('continue-service-deployment', ...named, '--action', 'CONTINUE');
    await gated.rewind.pass(1_500);
    expect(await gated.rewind.decisions('GateOvertaken')).toMatchObject([
      { hookId: hook, found: 'HOOK_SUCCEEDED' },
    ]);
    expect(await gated.rewind.decisions('GateDecided')).toEqual([]);
    expect([gated.answers, await gated.outcomes()]).toEqual([1, ['succeeded']]);
  }, 60_000);
});
