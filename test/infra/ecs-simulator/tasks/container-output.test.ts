import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const app = {
  name: 'app',
  image: 'shop/web:1',
  dockerLabels: {
    'rewind.behaviour': 'crash',
    'rewind.crash-after': '5',
    'rewind.says': 'first\nsecond\nlast',
  },
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' },
  },
};

describe('the output of a container', () => {
  it('is in the log stream that awslogs names after its task, and its last lines are read first', async () => {
    ecs.call('RegisterTaskDefinition', { family: 'web', containerDefinitions: [app] });
    const run = ecs.call('RunTask', { cluster: 'prod', taskDefinition: 'web:1' });
    const [{ taskArn = '' } = {}] = run.tasks as { taskArn: string }[];
    ecs.clock.advanceBy(120);
    const client = new CloudWatchLogsClient({
      endpoint: ecs.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'unused' },
    });
    const read = (stream: string, startFromHead: boolean) =>
      client.send(
        new GetLogEventsCommand({
          logGroupName: '/ecs/web',
          logStreamName: stream,
          limit: 2,
          startFromHead,
        }),
      );
    const stream = `web/app/${taskArn.split('/').at(-1)}`;
    const messages = async (startFromHead: boolean) =>
      (await read(stream, startFromHead)).events?.map(({ message }) => message);
    expect(await messages(false)).toEqual(['second', 'last']);
    expect(await messages(true)).toEqual(['first', 'second']);
    await expect(read('web/app/none', false)).rejects.toThrow('The specified log stream does not exist.');
  });
});
