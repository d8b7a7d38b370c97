import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ProviderName } from '../../../state-machines/log/measuring/metric-provider';
import { ecsClient } from '../../aws/ecs/ecs-client';
import type { MetricBackEnd } from '../../aws/measurements/back-ends/back-end';
import { cloudWatchMeasurements } from '../../aws/measurements/cloudwatch-measurements';
import type { Measurements } from '../../aws/measurements/measurements';
import type { Config } from '../config';
import { loadBalancingAt } from '../load-balancing-client';
import { accountRegionsOf } from './places';

export function accountMeasurements(config: Config): Measurements {
  const places = accountRegionsOf(config);
  const clients = places.each((connection) => ({
    ecs: ecsClient(connection),
    cloudWatch: new CloudWatchClient(connection),
    loadBalancing: loadBalancingAt(connection),
  }));
  const backEnds = places.each((connection) => ({
    connection,
    known: new Map<ProviderName, Promise<MetricBackEnd>>(),
  }));
  return cloudWatchMeasurements(
    async (service) => clients(service),
    async (service, provider) => {
      const { connection, known } = backEnds(service);
      const backEnd =
        known.get(provider) ??
        import('./back-end-clients').then(({ backEndAt }) => backEndAt(connection, provider));
      known.set(provider, backEnd);
      return backEnd;
    },
  );
}
