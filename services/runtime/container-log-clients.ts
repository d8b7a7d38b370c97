// Loaded when it is asked for, as acting-clients.ts.
import { CloudWatchLogsClient, type CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';

type Connection = Pick<CloudWatchLogsClientConfig, 'region' | 'endpoint' | 'profile' | 'userAgentAppId'>;

export const cloudWatchLogsIn = (connection: Connection, region: string | undefined) =>
  new CloudWatchLogsClient(region === undefined ? connection : { ...connection, region });
