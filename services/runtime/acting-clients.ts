// Loaded when it is asked for. A bundle names what a CommonJS package exports only where it is
// imported statically, as here.
import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { STSClient } from '@aws-sdk/client-sts';

type Connection = Pick<CloudFormationClientConfig, 'region' | 'endpoint' | 'profile' | 'userAgentAppId'>;

export const cloudFormationAt = (connection: Connection) => new CloudFormationClient(connection);
export const eventBridgeAt = (connection: Connection) => new EventBridgeClient(connection);
export const securityTokensAt = (connection: Connection) => new STSClient(connection);
export const cloudWatchAt = (connection: Connection) => new CloudWatchClient(connection);
