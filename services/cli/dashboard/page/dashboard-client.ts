import type {
  ActAnswer,
  EcsNow,
  Overview,
  OverviewChange,
  RevisionComparison,
  RolloutPage,
  ServicePage,
} from '../data/dashboard-data';
import type { RolloutPlace } from './place';

/** What the page hears while it looks. */
interface LiveEvents {
  look(change: OverviewChange): void;
  service(): void;
  trouble(sentence: string): void;
  /** The server does not answer; it is asked again. */
  lost(): void;
}

/** Asks the dashboard's server. What it refuses is thrown as an Error, in its own words. */
export class DashboardClient {
  #events: EventSource | null = null;

  overview(): Promise<Overview> {
    return ask('overview', {});
  }

  service(service: string): Promise<ServicePage> {
    return ask('service', { service });
  }

  ecs(service: string): Promise<EcsNow | null> {
    return ask('ecs', { service });
  }

  /** As known at an instant; null: as known now. */
  rollout(service: string, { deployment, startedAt }: RolloutPlace, at: number | null): Promise<RolloutPage> {
    const then: Record<string, string> = at === null ? {} : { at: String(Math.round(at)) };
    return ask('rollout', { service, deployment, startedAt: String(startedAt), ...then });
  }

  async notification(
    service: string,
    { deployment, startedAt }: RolloutPlace,
    { event, at }: { readonly event: number; readonly at: number },
  ): Promise<unknown> {
    const rollout = { service, deployment, startedAt: String(startedAt) };
    const [found] = await ask<unknown[]>('notifications', {
      ...rollout,
      at: String(at),
      events: String(event),
    });
    return found ?? null;
  }

  diff(service: string, from: string, to: string): Promise<RevisionComparison> {
    return ask('diff', { service, from, to });
  }

  act(body: object): Promise<ActAnswer> {
    const headers = { 'content-type': 'application/json' };
    return answered(fetch('/api/act', { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  /** Looks from now on, at one service where one is open; ends what was looked at before. */
  follow(service: string | null, heard: LiveEvents): void {
    this.unfollow();
    const query = service === null ? '' : `?${new URLSearchParams({ service })}`;
    const events = new EventSource(`/api/events${query}`);
    const on = (kind: string, take: (data: string) => void) =>
      events.addEventListener(kind, (event) => take((event as MessageEvent<string>).data));
    on('look', (data) => heard.look(JSON.parse(data)));
    on('service', () => heard.service());
    on('trouble', (data) => heard.trouble(JSON.parse(data).sentence));
    events.addEventListener('error', () => heard.lost());
    this.#events = events;
  }

  /** Nothing is read for this tab any more. */
  unfollow(): void {
    this.#events?.close();
    this.#events = null;
  }
}

function ask<Answer>(path: string, parameters: Record<string, string>): Promise<Answer> {
  return answered(fetch(`/api/${path}?${new URLSearchParams(parameters)}`));
}

async function answered<Answer>(asked: Promise<Response>): Promise<Answer> {
  const response = await asked.catch(() => {
    throw new Error('The dashboard does not answer: it was ended in its terminal, or this machine sleeps.');
  });
  if (response.ok) return response.json();
  const isJson = response.headers.get('content-type') === 'application/json';
  throw new Error(isJson ? (await response.json()).error : (await response.text()).trim());
}
