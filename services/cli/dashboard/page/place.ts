import type { ListedRollout, ServiceEntry } from '../data/dashboard-data';

/** Which rollout of a service. */
export interface RolloutPlace {
  readonly deployment: string;
  readonly startedAt: number;
}

/** What the address says to show, so that it can be sent to whoever has the dashboard open too. */
export interface PagePlace {
  /** Null: the list. */
  readonly service: ServicePlace | null;
  /** Null: the service itself. */
  readonly rollout: RolloutPlace | null;
  readonly parameters: URLSearchParams;
}

type ServicePlace = Pick<ServiceEntry, 'account' | 'region' | 'path'>;

export function placeIn(hash: string): PagePlace {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const [kind, account = '', region = '', cluster = '', name = '', rollout] = path
    .split('/')
    .map(decodeURIComponent);
  if (kind !== 's' || name === '') return { service: null, rollout: null, parameters };
  const service = { account, region, path: `${cluster}/${name}` };
  const [deployment = '', startedAt = ''] = rollout?.split('@') ?? [];
  const isRollout = deployment !== '' && Number.isInteger(Date.parse(startedAt));
  return {
    service,
    rollout: isRollout ? { deployment: `ecs-svc/${deployment}`, startedAt: Date.parse(startedAt) } : null,
    parameters,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function serviceArnOf({ account, region, path }: ServicePlace): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:ecs:${region}:${account}:service/${path}`;
}

export function listHash(parameters: Readonly<Record<string, string>> = {}): string {
  return `#/${queryText(parameters)}`;
}

export function serviceHash(
  service: ServicePlace,
  parameters: Readonly<Record<string, string>> = {},
): string {
  return `#/${servicePath(service)}${queryText(parameters)}`;
}

export function rolloutHash(
  service: ServicePlace,
  { deployment, startedAt }: RolloutPlace | ListedRollout,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const rollout = `${deployment.replace('ecs-svc/', '')}@${new Date(startedAt).toISOString()}`;
  return `#/${servicePath(service)}/${rollout}${queryText(parameters)}`;
}

function servicePath({ account, region, path }: ServicePlace): string {
  return ['s', account, region, ...path.split('/')].map(encodeURIComponent).join('/');
}

/** Parameters that are empty are left out. */
function queryText(parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
