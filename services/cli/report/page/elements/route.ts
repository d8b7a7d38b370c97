import type { IndexEntry } from '../../report-data';

/**
 * What the address says to show: everything that can be filtered, paged or opened is in the hash,
 * so that it can be sent to others.
 */
interface Route {
  /** Null: the index. */
  readonly rollout: string | null;
  readonly parameters: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const rollout = path.startsWith('rollout/') ? decodeURI(path.slice('rollout/'.length)) : null;
  return { rollout, parameters: new URLSearchParams(query) };
}

/** The hash of a route; parameters that are empty are left out. */
export function hashOf(rollout: string | null, parameters: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  const path = rollout === null ? '' : encodeURI(`rollout/${rollout}`);
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

/** What names a rollout in an address, in this report and in a later one of the same history. */
export function rolloutAddress({ path, deployment, startedAt }: IndexEntry): string {
  return `${path}/${deployment.replace('ecs-svc/', '')}/${new Date(startedAt).toISOString()}`;
}
