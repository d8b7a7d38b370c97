// Apart from the other clients: a function that measures needs no other of the operator's.
import {
  ElasticLoadBalancingV2Client,
  type ElasticLoadBalancingV2ClientConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2';

type Connection = Pick<
  ElasticLoadBalancingV2ClientConfig,
  'region' | 'endpoint' | 'profile' | 'userAgentAppId'
>;

export const loadBalancingAt = (connection: Connection) => new ElasticLoadBalancingV2Client(connection);
