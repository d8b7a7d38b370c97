// Loaded when it is asked for: most services are measured by their load balancers alone.
import { setTimeout } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ProviderName } from '../../../state-machines/log/measuring/metric-provider';
import { ecsClient } from '../../aws/ecs/ecs-client';
import type { MetricBackEnd } from '../../aws/measurements/back-ends/back-end';
import { cloudWatchBackEnd } from '../../aws/measurements/back-ends/cloudwatch-back-end';
import { httpBackEnd } from '../../aws/measurements/back-ends/http-back-end';
import { logsBackEnd } from '../../aws/measurements/back-ends/logs-back-end';
import { prometheusBackEnd } from '../../aws/measurements/back-ends/prometheus-back-end';
import { secretReader } from '../../aws/measurements/back-ends/secret-reader';
import { awsVersionTasks } from '../../aws/measurements/back-ends/version-tasks';
import type { Connection } from '../account-regions';

/**
 * The back-end of a provider in the account and region of a service. Secrets are Rewind's own: they
 * are read in its own account.
 */
export async function backEndAt(connection: Connection, provider: ProviderName): Promise<MetricBackEnd> {
  switch (provider) {
    case 'cloudWatch':
      return cloudWatchBackEnd(new CloudWatchClient(connection));
    case 'prometheus':
      return prometheusBackEnd(identityAt(connection));
    case 'http':
      return httpBackEnd(identityAt(connection));
    case 'logs': {
      const pause = async (milliseconds: number) => setTimeout(milliseconds);
      const tasksOf = awsVersionTasks(ecsClient(connection));
      return logsBackEnd({ logs: new CloudWatchLogsClient(connection), tasksOf, pause });
    }
    case 'lambda': {
      // The SDK's client is Lambda's own copy (infra/bundle-functions.js): others do without it.
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      const { lambdaBackEnd } = await import('../../aws/measurements/back-ends/lambda-back-end');
      return lambdaBackEnd(new LambdaClient({ ...connection, maxAttempts: 1 }));
    }
    default:
      return provider satisfies never;
  }
}

function identityAt(connection: Connection) {
  const { credentials } = new CloudWatchClient(connection).config;
  const clients = new Map<string, SSMClient>();
  const clientIn = async (region: string) => {
    const client = clients.get(region) ?? new SSMClient({ region });
    clients.set(region, client);
    return client;
  };
  return { credentials, secretOf: secretReader(clientIn) };
}
