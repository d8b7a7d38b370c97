import { ECSClient } from '@aws-sdk/client-ecs';

/**
 * A client of the simulated ECS. The access key says who calls: CloudTrail's notifications name its
 * owner.
 */
export function localEcsClient(endpoint: string, accessKeyId: string): ECSClient {
  return new ECSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
}
