// What only deploying and stopping need, apart from the others for the same reason as they are.
import { ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr';
import { SSMClient } from '@aws-sdk/client-ssm';

type Connection = Pick<ECRClientConfig, 'region' | 'endpoint' | 'profile' | 'userAgentAppId'>;

export const registryAt = (connection: Connection) => new ECRClient(connection);
export const parametersAt = (connection: Connection) => new SSMClient(connection);
