import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe } from 'vitest';
import { startEcsServer } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../../infra/local/in-process-clients';
import { clientsContract } from './contract';

describe('Rewind on ECS over HTTP', () => {
  clientsContract(async (simulator) => {
    const server = await startEcsServer(simulator);
    const credentials = { accessKeyId: 'rewind', secretAccessKey: 'local' };
    const options = { endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
    const ecs = new ECSClient(options);
    const cloudWatch = new CloudWatchClient(options);
    const parameters = new SSMClient(options);
    const stop = async () => {
      for (const client of [ecs, cloudWatch, parameters]) client.destroy();
      await server.close();
    };
    return { ecs, cloudWatch, parameters, stop };
  });
});

describe('Rewind on ECS in the same process', () => {
  clientsContract(async (simulator) => ({ ...inProcessClients(simulator, 'rewind'), stop: async () => {} }));
});
