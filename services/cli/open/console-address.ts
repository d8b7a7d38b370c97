import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';

export const consoleTabs = ['deployments', 'health', 'tasks', 'logs', 'events', 'configuration'] as const;
export type ConsoleTab = (typeof consoleTabs)[number];

const hosts: { readonly [partition: string]: string } = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The page of a service in the console of its partition and region. Pure. */
export function consoleAddress(service: ServiceArn, tab: ConsoleTab): string {
  const { partition, region, cluster, name } = partsOfService(service);
  const host = hosts[partition] ?? `${region}.console.aws.amazon.com`;
  const page = `/ecs/v2/clusters/${encodeURIComponent(cluster)}/services/${encodeURIComponent(name)}/${tab}`;
  return `https://${host}${page}?region=${encodeURIComponent(region)}`;
}
