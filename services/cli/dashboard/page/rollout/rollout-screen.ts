import { contractWords, rolloutTitleFrom } from '../../../../sentences/rollout-words';
import { element } from '../../../report/page/elements/element';
import { outcomeBadge } from '../../../report/page/elements/outcome-badge';
import { notificationDialog, openedBy } from '../../../report/page/rollouts/notification-dialog';
import { rolloutSections } from '../../../report/page/rollouts/rollout-sections';
import type { ListedRollout, RolloutPage, ServiceEntry } from '../../data/dashboard-data';
import { actButtons } from '../acts/act-buttons';
import { countdown, holdNote, originOf } from '../elements/rollout-mark';
import { swapContent } from '../elements/swap';
import { listHash, type RolloutPlace, rolloutHash, serviceHash } from '../place';
import type { AppContext, Screen } from '../screen';
import { lateFactSection } from './late-facts';
import { TimeTravel } from './time-travel';

interface OpenRollout {
  readonly entry: ServiceEntry;
  readonly rollout: RolloutPlace;
  readonly parameters: URLSearchParams;
}

/** One rollout, as it is known now or as it was known at a time that somebody chooses. */
export class RolloutScreen implements Screen {
  readonly main: HTMLElement;
  readonly #context: AppContext;
  readonly #rollout: RolloutPlace;
  readonly #heading = element('h1', { tabindex: -1 });
  readonly #head = element('div');
  readonly #body = element('div');
  readonly #travel: TimeTravel;
  #entry: ServiceEntry;
  #listed: ListedRollout | null;
  #parameters: URLSearchParams;
  #page: RolloutPage;
  /** Null: what is known now. */
  #at: number | null;
  #isReading = false;
  #wanted = 0;

  private constructor(context: AppContext, { entry, rollout, parameters }: OpenRollout, page: RolloutPage) {
    this.#context = context;
    this.#entry = entry;
    this.#rollout = rollout;
    this.#parameters = parameters;
    this.#page = page;
    this.#listed = page.listed;
    this.#at = instantIn(parameters);
    this.#travel = new TimeTravel((at) => this.#travelTo(at));
    this.main = element('main', { id: 'content', class: 'with-travel' }, [
      element('nav', { class: 'pager', 'aria-label': 'Way back' }, [
        element('a', { href: listHash() }, ['all services']),
        element('a', { href: serviceHash(entry) }, [entry.path]),
      ]),
      this.#heading,
      this.#head,
      this.#body,
      this.#travel.element,
    ]);
    this.#show();
  }

  static async open(context: AppContext, opened: OpenRollout): Promise<RolloutScreen> {
    const page = await context.client.rollout(
      opened.entry.service,
      opened.rollout,
      instantIn(opened.parameters),
    );
    return new RolloutScreen(context, opened, page);
  }

  async move(parameters: URLSearchParams): Promise<boolean> {
    const before = this.#parameters;
    this.#parameters = parameters;
    document.querySelector('dialog')?.remove();
    const isElsewhere = instantIn(parameters) !== this.#at;
    this.#at = instantIn(parameters);
    if (isElsewhere) await this.#read();
    else if (['class', 'page'].some((name) => before.get(name) !== parameters.get(name))) this.#show();
    await this.#openDialog();
    return true;
  }

  look(): void {
    const entry = this.#context.entries().find(({ service }) => service === this.#entry.service);
    if (entry === undefined || JSON.stringify(entry) === JSON.stringify(this.#entry)) return;
    this.#entry = entry;
    this.#showHead();
  }

  learn(): Promise<void> {
    return this.#read();
  }

  /** One question at a time: what was asked for meanwhile is asked for last. */
  async #read(): Promise<void> {
    this.#wanted += 1;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (let asked = 0; asked !== this.#wanted; ) {
        asked = this.#wanted;
        this.#page = await this.#context.client.rollout(this.#entry.service, this.#rollout, this.#at);
        this.#listed = this.#page.listed ?? this.#listed;
        this.#show();
      }
    } finally {
      this.#isReading = false;
    }
  }

  async #travelTo(at: number | null): Promise<void> {
    this.#at = at;
    this.#parameters.delete('event');
    this.#parameters.delete('task');
    if (at === null) this.#parameters.delete('at');
    else this.#parameters.set('at', String(Math.round(at)));
    history.replaceState(null, '', this.#hashWith({}));
    await this.#read();
  }

  #hashWith(changed: Readonly<Record<string, string>>): string {
    const kept = Object.fromEntries(
      ['class', 'page', 'at'].map((name) => [name, this.#parameters.get(name) ?? '']),
    );
    return rolloutHash(this.#entry, this.#rollout, { ...kept, ...changed });
  }

  #show(): void {
    const { detail, machine, place, path, life } = this.#page;
    const runs = detail?.rollout.taskDefinition?.split('/').at(-1) ?? this.#listed?.runs ?? null;
    const standing = detail === null ? null : (detail.rollout.outcome ?? detail.rollout.phase);
    this.#heading.replaceChildren(
      `${rolloutTitleFrom({ path, taskDefinition: runs })} `,
      ...(standing === null ? [] : [outcomeBadge(standing)]),
    );
    this.main.classList.toggle('then', this.#at !== null);
    this.#showHead();
    const hrefWith = (changed: Record<string, string>) => this.#hashWith(changed);
    const [lead, ...sections] =
      detail === null
        ? [element('p', { class: 'lead' }, ['Nothing was known of this rollout then.'])]
        : rolloutSections({ machine, detail, place, parameters: this.#parameters, hrefWith });
    const late = lateFactSection(life, this.#page.knownAt, (at) => this.#hashWith({ at: String(at) }));
    swapContent(this.#body, [lead ?? null, late, ...sections]);
    const words = standing === null ? 'nothing was known' : contractWords(standing);
    this.#travel.show({ life, at: this.#at, knownAt: this.#page.knownAt, detail, words });
  }

  #showHead(): void {
    const isNewest =
      this.#entry.rollout?.deployment === this.#rollout.deployment &&
      this.#entry.rollout.startedAt === this.#rollout.startedAt;
    const isNow = this.#at === null;
    swapContent(this.#head, [
      element('p', {}, this.#listed === null ? [] : originOf(this.#listed)),
      ...(isNewest && isNow ? [countdown(this.#entry), holdNote(this.#entry.hold)] : []),
      isNewest && isNow ? actButtons(this.#context, { entry: this.#entry, revisions: [] }) : null,
    ]);
    this.#context.clock.set(this.#context.clock.now());
  }

  /** What the address opens above the page. */
  async #openDialog(): Promise<void> {
    const { detail, knownAt } = this.#page;
    const opened = detail === null ? null : openedBy(this.#parameters, detail);
    if (opened === null || detail === null) return;
    const { hash } = location;
    const dialog = await notificationDialog({
      ...opened,
      detail,
      notificationOf: (event) =>
        this.#context.client.notification(this.#entry.service, this.#rollout, { event, at: knownAt }),
      onClose: () => {
        this.#parameters.delete('event');
        this.#parameters.delete('task');
        history.replaceState(null, '', this.#hashWith({}));
      },
    });
    if (location.hash !== hash) return;
    document.body.append(dialog);
    dialog.showModal();
  }
}

function instantIn(parameters: URLSearchParams): number | null {
  const at = Number(parameters.get('at') ?? Number.NaN);
  return Number.isFinite(at) ? at : null;
}
