import { counted } from '../../../../sentences/quantities';
import { type Child, element } from '../../../report/page/elements/element';
import { pager, shownPage } from '../../../report/page/elements/pager';
import { dateAndTime } from '../../../report/page/elements/time-text';
import type { ServiceEntry } from '../../data/dashboard-data';
import { countdown, holdNote, markBadge, originOf, taskWords } from '../elements/rollout-mark';
import { swapContent } from '../elements/swap';
import { listHash, rolloutHash, serviceHash } from '../place';
import type { AppContext, Screen } from '../screen';

const rowsPerPage = 100;
/** More than that, nobody looks at one by one. */
const cardsAtMost = 60;

/** All services, those in trouble first, then those with something under way. */
export class ListScreen implements Screen {
  readonly main: HTMLElement;
  readonly #context: AppContext;
  readonly #count = element('p', { role: 'status', class: 'count' });
  readonly #results = element('div');
  readonly #text: HTMLInputElement;
  #parameters = new URLSearchParams();

  constructor(context: AppContext) {
    this.#context = context;
    this.#text = element('input', {
      type: 'search',
      placeholder: 'cluster, service, revision, person',
      input: () => {
        history.replaceState(null, '', listHash({ text: this.#text.value }));
        this.#parameters = new URLSearchParams({ text: this.#text.value });
        this.look();
      },
    });
    this.main = element('main', { id: 'content' }, [
      element('h1', { tabindex: -1 }, ['Services']),
      element('search', { class: 'filters', 'aria-label': 'Filter the services' }, [
        element('label', {}, [element('span', {}, ['Text']), this.#text]),
      ]),
      this.#count,
      this.#results,
    ]);
  }

  async move(parameters: URLSearchParams): Promise<boolean> {
    this.#parameters = parameters;
    if (document.activeElement !== this.#text) this.#text.value = parameters.get('text') ?? '';
    this.look();
    return true;
  }

  async learn(): Promise<void> {}

  look(): void {
    const all = this.#context.entries();
    const fitting = fittingEntries(all, this.#parameters.get('text') ?? '');
    const of = (standing: ServiceEntry['standing']) => fitting.filter((entry) => entry.standing === standing);
    const [needed, live, quiet] = [of('needsYou'), of('live'), of('quiet')];
    const unread = this.#context.unread();
    const words = [
      `${fitting.length.toLocaleString('en-US')} of ${counted(all.length, 'service')}`,
      `${needed.length} in need of somebody`,
      `${live.length} under way`,
      ...(unread === 0 ? [] : [`${unread.toLocaleString('en-US')} yet to be read`]),
    ].join(', ');
    if (this.#count.textContent !== words) this.#count.textContent = words;
    swapContent(this.#results, [
      ...(all.length === 0 ? [emptySection(unread)] : []),
      cardSection('Somebody is needed', needed),
      cardSection('Under way', live),
      ...this.#quietSection(quiet),
    ]);
    this.#context.clock.set(this.#context.clock.now());
  }

  #quietSection(quiet: readonly ServiceEntry[]): Child[] {
    if (quiet.length === 0) return [];
    const pages = Math.ceil(quiet.length / rowsPerPage);
    const page = shownPage(this.#parameters, pages);
    const text = this.#parameters.get('text') ?? '';
    const rows = quiet.slice((page - 1) * rowsPerPage, page * rowsPerPage).map(quietRow);
    const heads = ['Service', 'State', 'Runs', 'Since (UTC)', 'Who and why'];
    return [
      element('section', {}, [
        element('h2', {}, ['Quiet']),
        element('table', { class: 'index' }, [
          element('thead', {}, [
            element(
              'tr',
              {},
              heads.map((head, column) =>
                element('th', { scope: 'col', class: column > 2 ? 'wide-only' : '' }, [head]),
              ),
            ),
          ]),
          element('tbody', {}, rows),
        ]),
        pager({ page, pages, hrefOf: (to) => listHash({ text, page: String(to) }) }),
      ]),
    ];
  }
}

function fittingEntries(entries: readonly ServiceEntry[], text: string): ServiceEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => {
      const { path, account, region, rollout } = entry;
      const all = [path, account, region, rollout?.runs, rollout?.who, rollout?.commit]
        .join(' ')
        .toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => (b.rollout?.startedAt ?? 0) - (a.rollout?.startedAt ?? 0) || (a.path < b.path ? -1 : 1));
}

function emptySection(unread: number): HTMLElement {
  return element('section', { class: 'empty' }, [
    element('h2', {}, [unread > 0 ? 'The services are being read' : 'The log knows no service yet']),
    element('p', { class: 'lead' }, [
      unread > 0
        ? 'Those with something under way come first.'
        : 'A service appears here with the first thing that ECS tells of it: deploy something, or wait for the discovery, which looks every few minutes.',
    ]),
  ]);
}

function cardSection(heading: string, entries: readonly ServiceEntry[]): HTMLElement | null {
  if (entries.length === 0) return null;
  return element('section', {}, [
    element('h2', {}, [heading]),
    element('ul', { class: 'cards' }, entries.slice(0, cardsAtMost).map(card)),
    entries.length <= cardsAtMost
      ? null
      : element('p', { class: 'note' }, [
          `and ${(entries.length - cardsAtMost).toLocaleString('en-US')} more: the text above finds them`,
        ]),
  ]);
}

function card(entry: ServiceEntry): HTMLElement {
  const { path, region, account, rollout, hold } = entry;
  return element('li', { class: `card ${rollout?.mark.tone ?? 'quiet'}` }, [
    element('div', { class: 'card-head' }, [
      element('a', { href: serviceHash(entry), class: 'name' }, [path]),
      ...(rollout === null ? [] : [markBadge(rollout)]),
    ]),
    element(
      'p',
      { class: 'card-runs' },
      rollout === null
        ? ['no rollout is known']
        : [
            element('a', { href: rolloutHash(entry, rollout) }, [
              rollout.isRollback ? `back to ${rollout.runs}` : `to ${rollout.runs}`,
            ]),
            ` · ${taskWords(rollout)}`,
          ],
    ),
    countdown(entry),
    ...(rollout?.verdict == null
      ? []
      : [element('p', { class: 'card-verdict' }, [`${rollout.verdict.result}: ${rollout.verdict.message}`])]),
    element('p', { class: 'note' }, [
      ...(rollout === null ? [] : originOf(rollout)),
      ` ${region}, ${account}`,
    ]),
    holdNote(hold),
  ]);
}

function quietRow(entry: ServiceEntry): HTMLElement {
  const { path, rollout, hold } = entry;
  return element('tr', {}, [
    element('th', { scope: 'row' }, [element('a', { href: serviceHash(entry) }, [path]), holdNote(hold)]),
    element('td', {}, [rollout === null ? '–' : markBadge(rollout)]),
    element('td', {}, [
      rollout === null ? '–' : element('a', { href: rolloutHash(entry, rollout) }, [rollout.runs]),
    ]),
    element('td', { class: 'wide-only when' }, [rollout === null ? '–' : dateAndTime(rollout.startedAt)]),
    element('td', { class: 'wide-only' }, rollout === null ? [] : originOf(rollout)),
  ]);
}
