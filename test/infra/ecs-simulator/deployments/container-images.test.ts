import {
  DescribeServiceRevisionsCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
 * and https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerImage.html
 */
const image = 'example/web:1';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

/** Service `web` of the image that the tag points to now, settled. */
async function createSettled(): Promise<string> {
  const first = ecs.simulator.images.push(image);
  await ecs.create({ taskDefinition: await ecs.register() });
  ecs.clock.advanceBy(180);
  return first;
}

async function force(): Promise<void> {
  await ecs.update({ forceNewDeployment: true });
}

/** What the service revisions run, newest first. */
async function revisionImages() {
  const arns = (await ecs.serviceDeployments()).map(
    ({ targetServiceRevision }) => targetServiceRevision?.arn,
  );
  const input = { serviceRevisionArns: arns.map((arn) => arn ?? '') };
  const { serviceRevisions = [] } = await ecs.client.send(new DescribeServiceRevisionsCommand(input));
  return serviceRevisions.map(({ containerImages }) => containerImages?.[0]);
}

/** The digests that the service's tasks run, each once. */
async function runningDigests(): Promise<(string | undefined)[]> {
  const { taskArns: tasks = [] } = await ecs.client.send(
    new ListTasksCommand({ cluster: 'prod', serviceName: 'web' }),
  );
  const described = await ecs.client.send(new DescribeTasksCommand({ cluster: 'prod', tasks }));
  return [...new Set(described.tasks?.map(({ containers }) => containers?.[0]?.imageDigest))];
}

async function stopNewest(): Promise<void> {
  const [{ serviceDeploymentArn } = {}] = await ecs.serviceDeployments();
  await ecs.client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
}

describe('a service revision', () => {
  it('resolves a tag once: tasks that are replaced later run the same image, wherever the tag points', async () => {
    const first = await createSettled();
    ecs.simulator.images.push(image);
    ecs.simulator.platform.loseHost({ cluster: 'prod', service: 'web' });
    ecs.clock.advanceBy(180);
    expect(await runningDigests()).toEqual([first]);
    expect(await revisionImages()).toEqual([{ containerName: 'app', image, imageDigest: first }]);
  });

  it('is a new one with the image of now where the same task definition is deployed by force', async () => {
    const first = await createSettled();
    const second = ecs.simulator.images.push(image);
    await force();
    ecs.clock.advanceBy(180);
    expect(second).not.toBe(first);
    expect(await runningDigests()).toEqual([second]);
    expect((await revisionImages()).map((one) => one?.imageDigest)).toEqual([second, first]);
    expect((await ecs.describe()).taskDefinition).toMatch(/web:1$/);
  });

  it('comes back with its own image in a rollback', async () => {
    const first = await createSettled();
    ecs.simulator.images.push(image, { 'rewind.behaviour': 'crash' });
    await force();
    ecs.clock.advanceBy(40);
    await stopNewest();
    ecs.clock.advanceBy(120);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(await runningDigests()).toEqual([first]);
  });

  it('cannot come back where its image was removed meanwhile', async () => {
    const first = await createSettled();
    ecs.simulator.images.push(image);
    await force();
    ecs.clock.advanceBy(20);
    ecs.simulator.images.remove(first);
    ecs.simulator.platform.loseHost({ cluster: 'prod', service: 'web' });
    await stopNewest();
    ecs.clock.advanceBy(120);
    expect(ecs.stopsOf((await ecs.describe()).taskDefinition ?? '')).toContainEqual(
      expect.stringMatching(/^TaskFailedToStart: CannotPullContainerError/),
    );
  });
});

describe('a container', () => {
  it('of an image named by its digest runs that image', async () => {
    const first = await createSettled();
    ecs.simulator.images.push(image, { 'rewind.behaviour': 'crash' });
    await ecs.client.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'app', image: `example/web@${first}` }],
      }),
    );
    await ecs.update({ taskDefinition: 'web' });
    ecs.clock.advanceBy(180);
    expect(await runningDigests()).toEqual([first]);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
  });

  it('that opts out of version consistency pulls the tag anew with each task', async () => {
    await ecs.client.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'app', image, versionConsistency: 'disabled' }],
      }),
    );
    await ecs.create({ taskDefinition: 'web' });
    ecs.clock.advanceBy(180);
    const second = ecs.simulator.images.push(image);
    ecs.simulator.platform.loseHost({ cluster: 'prod', service: 'web' });
    ecs.clock.advanceBy(180);
    expect(await runningDigests()).toEqual([second]);
    expect(await revisionImages()).toEqual([{ containerName: 'app', image }]);
  });
});
