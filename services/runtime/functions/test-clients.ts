import { ecsClient } from '../../aws/ecs/ecs-client';
import { awsTests } from '../../aws/tests/aws-tests';
import type { ReleaseTests } from '../../aws/tests/release-tests';
import type { Config } from '../config';
import { accountRegionsOf } from './places';

export function accountTests(config: Config): ReleaseTests {
  const clients = accountRegionsOf(config).each((connection) => ({
    ecs: ecsClient(connection),
    logs: async () => (await import('../container-log-clients')).cloudWatchLogsIn(connection, undefined),
    lambda: async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return new LambdaClient({ ...connection, maxAttempts: 1 });
    },
  }));
  return awsTests(clients);
}
