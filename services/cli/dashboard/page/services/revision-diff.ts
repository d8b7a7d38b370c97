import { element } from '../../../report/page/elements/element';
import type { RevisionComparison, ServicePage } from '../../data/dashboard-data';
import { serviceHash } from '../place';
import type { AppContext } from '../screen';

/** Two revisions of the service, side by side: chosen, compared, and in the address. */
export class RevisionDiff {
  readonly section: HTMLElement;
  readonly #context: AppContext;
  readonly #result = element('div', { role: 'status' });
  readonly #from: HTMLSelectElement;
  readonly #to: HTMLSelectElement;
  #page: ServicePage;

  constructor(context: AppContext, page: ServicePage) {
    this.#context = context;
    this.#page = page;
    this.#from = element('select', { id: 'diff-from' });
    this.#to = element('select', { id: 'diff-to' });
    const compare = element('button', { type: 'button', click: () => this.#compare() }, ['Compare']);
    const isFile = context.overview.source.kind === 'export';
    this.section = element('section', { hidden: isFile }, [
      element('h2', {}, ['What two revisions differ in']),
      element('div', { class: 'filters diff' }, [
        element('label', {}, [element('span', {}, ['From']), this.#from]),
        element('label', {}, [element('span', {}, ['To']), this.#to]),
        compare,
      ]),
      this.#result,
    ]);
    this.offer(page);
  }

  /** There may be others to choose from by now. */
  offer(page: ServicePage): void {
    this.#page = page;
    const names = page.revisions.map(({ name }) => name);
    const running = page.revisions.find(({ isRunning }) => isRunning)?.name ?? names[0];
    const before = page.revisions.find(
      ({ name, standing }) => name !== running && standing === 'proven',
    )?.name;
    for (const [select, usual] of [
      [this.#from, before ?? names[1]],
      [this.#to, running],
    ] as const) {
      const chosen = select.value || usual;
      select.replaceChildren(
        ...names.map((name) => element('option', { value: name, selected: name === chosen }, [name])),
      );
    }
  }

  /** Compares what the address names. */
  async show(parameters: URLSearchParams): Promise<void> {
    const [from, to] = [parameters.get('from'), parameters.get('to')];
    if (from === null || to === null) return;
    this.#from.value = from;
    this.#to.value = to;
    this.#result.textContent = 'ECS is being asked …';
    try {
      const compared = await this.#context.client.diff(this.#page.entry.service, from, to);
      this.#result.replaceChildren(comparisonTable(compared));
    } catch (error) {
      this.#result.textContent = (error as Error).message;
    }
  }

  #compare(): void {
    location.hash = serviceHash(this.#page.entry, { from: this.#from.value, to: this.#to.value });
  }
}

const signs = { added: '+', removed: '−', changed: '~' } as const;

function comparisonTable({ from, to, changes, notes }: RevisionComparison): HTMLElement {
  const rows = changes.map(({ kind, path, from: before, to: after }) =>
    element('tr', {}, [
      element('th', { scope: 'row', class: 'id' }, [`${signs[kind]} ${path}`]),
      element('td', { class: 'id' }, [kind === 'added' ? '' : (before ?? '(not shown)')]),
      element('td', { class: 'id' }, [kind === 'removed' ? '' : (after ?? '(not shown)')]),
    ]),
  );
  const heads = ['What', from, to].map((head) => element('th', { scope: 'col' }, [head]));
  return element('div', {}, [
    changes.length === 0
      ? element('p', { class: 'note' }, ['There is no difference.'])
      : element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Differences' }, [
          element('table', {}, [
            element('thead', {}, [element('tr', {}, heads)]),
            element('tbody', {}, rows),
          ]),
        ]),
    ...notes.map((note) => element('p', { class: 'note' }, [note])),
  ]);
}
