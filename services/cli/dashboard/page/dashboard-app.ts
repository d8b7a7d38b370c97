import { element } from '../../report/page/elements/element';
import { replaceMain } from '../../report/page/elements/frame';
import type { Overview, ServiceEntry } from '../data/dashboard-data';
import type { DashboardClient } from './dashboard-client';
import { LogClock } from './elements/log-clock';
import type { StateLine } from './elements/state-line';
import { listHash, type PagePlace, placeIn, serviceArnOf } from './place';
import { RolloutScreen } from './rollout/rollout-screen';
import type { AppContext, Screen } from './screen';
import { ListScreen } from './services/list-screen';
import { ServiceScreen } from './services/service-screen';

const lookMilliseconds = 150;

/** The dashboard: an address is a screen, and what is heard goes to the screen that is open. */
export class DashboardApp {
  readonly #client: DashboardClient;
  readonly #state: StateLine;
  readonly #clock = new LogClock();
  readonly #entries = new Map<string, ServiceEntry>();
  #overview: Overview | null = null;
  #unread = 0;
  #screen: Screen | null = null;
  #place: PagePlace | null = null;
  #followed: string | null | undefined;
  #pendingLook: ReturnType<typeof setTimeout> | null = null;

  constructor(client: DashboardClient, state: StateLine) {
    this.#client = client;
    this.#state = state;
  }

  async start(): Promise<void> {
    try {
      this.#take(await this.#client.overview());
    } catch (error) {
      return this.#fail(error);
    }
    this.#clock.start();
    await this.show(false);
  }

  /** Shows what the address says. */
  async show(hasMoved: boolean): Promise<void> {
    const place = placeIn(location.hash);
    const { hash } = location;
    const isSame = this.#place !== null && screenName(this.#place) === screenName(place);
    if (isSame && (await this.#screen?.move(place.parameters))) return;
    document.querySelector('dialog')?.remove();
    this.#place = place;
    this.#screen = null;
    try {
      const screen = await this.#screenOf(place);
      // Reading takes its time: somebody may have moved on.
      if (location.hash !== hash) return;
      this.#screen = screen;
      replaceMain(screen.main, hasMoved);
      await screen.move(place.parameters);
    } catch (error) {
      this.#fail(error, hasMoved);
    }
    this.follow();
  }

  /** Looks while somebody can see it, and only then. */
  follow(): void {
    if (document.hidden || this.#overview === null) {
      this.#client.unfollow();
      this.#followed = undefined;
      return;
    }
    const service = this.#place?.service == null ? null : (this.#entryOf(this.#place)?.service ?? null);
    if (service === this.#followed) return;
    this.#followed = service;
    this.#client.follow(service, {
      look: ({ now, changed, unread }) => {
        this.#clock.set(now);
        this.#unread = unread;
        for (const entry of changed) this.#entries.set(entry.service, entry);
        this.#state.hear();
        if (changed.length > 0 || unread > 0) this.#lookSoon();
      },
      service: () =>
        void this.#screen?.learn().catch((error) => this.#state.trouble((error as Error).message)),
      trouble: (sentence) => this.#state.trouble(sentence),
      lost: () => this.#state.trouble('The dashboard does not answer; it is asked again.'),
    });
  }

  /** Of many changes in a row, all are shown at once. */
  #lookSoon(): void {
    this.#pendingLook ??= setTimeout(() => {
      this.#pendingLook = null;
      this.#screen?.look();
    }, lookMilliseconds);
  }

  async #screenOf(place: PagePlace): Promise<Screen> {
    const context = this.#context();
    if (place.service === null) return new ListScreen(context);
    const entry = this.#entryOf(place) ?? (await this.#entryFrom(place.service));
    if (place.rollout === null) return ServiceScreen.open(context, entry);
    return RolloutScreen.open(context, { entry, rollout: place.rollout, parameters: place.parameters });
  }

  /** An address may name a service before the list has been read as far. */
  async #entryFrom(place: NonNullable<PagePlace['service']>): Promise<ServiceEntry> {
    const { entry } = await this.#client.service(serviceArnOf(place));
    if (entry.rollout === null) throw new Error(`The log knows no service ${place.path} there.`);
    this.#entries.set(entry.service, entry);
    return entry;
  }

  #context(): AppContext {
    const overview = this.#overview;
    if (overview === null) throw new Error('The list has not been read.');
    return {
      client: this.#client,
      clock: this.#clock,
      overview,
      entries: () => [...this.#entries.values()],
      unread: () => this.#unread,
      refresh: async () => {
        this.#take(await this.#client.overview());
        this.#screen?.look();
        await this.#screen?.learn();
      },
    };
  }

  #entryOf({ service }: PagePlace): ServiceEntry | null {
    const found = [...this.#entries.values()].find(
      ({ account, region, path }) =>
        account === service?.account && region === service.region && path === service.path,
    );
    return found ?? null;
  }

  #take(overview: Overview): void {
    this.#overview = overview;
    this.#unread = overview.unread;
    this.#clock.set(overview.now);
    this.#state.show(overview);
    for (const entry of overview.services) this.#entries.set(entry.service, entry);
  }

  #fail(error: unknown, hasMoved = false): void {
    const again = element('button', { type: 'button', click: () => location.reload() }, ['Try again']);
    const main = element('main', { id: 'content' }, [
      element('h1', { tabindex: -1 }, ['This cannot be shown']),
      element('p', { class: 'lead', role: 'alert' }, [(error as Error).message]),
      element('p', { class: 'buttons' }, [again, element('a', { href: listHash() }, ['All services'])]),
    ]);
    replaceMain(main, hasMoved);
  }
}

function screenName({ service, rollout }: PagePlace): string {
  return JSON.stringify([service, rollout]);
}
