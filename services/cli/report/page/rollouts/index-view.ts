import { counted, formatDuration } from '../../../../sentences/quantities';
import { contractWords, rolloutTitleFrom } from '../../../../sentences/rollout-words';
import type { IndexEntry, ReportIndex } from '../../report-data';
import { type Child, element } from '../elements/element';
import { outcomeBadge } from '../elements/outcome-badge';
import { pager, shownPage } from '../elements/pager';
import { whenPrinting } from '../elements/printing';
import { hashOf, rolloutAddress } from '../elements/route';
import { dateAndTime } from '../elements/time-text';
import { overviewPlot } from './overview-plot';
import {
  filterFrom,
  filterRollouts,
  outcomeOrPhase,
  parametersOf,
  type RolloutFilter,
} from './rollout-filter';

const rowsPerPage = 100;

/** The index: filters, a plot of all that passes them, and a table of it, a page at a time. */
export function indexView(index: ReportIndex, parameters: URLSearchParams): HTMLElement {
  // It stays on the page while what it counts changes: only then is that said aloud.
  const count = element('p', { role: 'status', class: 'count' });
  const results = element('div');
  const show = (filter: RolloutFilter, asked: URLSearchParams) => {
    const shown = filterRollouts(index.rollouts, filter).flatMap((number) => index.rollouts[number] ?? []);
    count.textContent = `${shown.length.toLocaleString('en-US')} of ${counted(index.rollouts.length, 'rollout')}`;
    results.replaceChildren(...resultsOf(shown, filter, asked).filter((part) => part !== null));
  };
  const change = (filter: RolloutFilter) => {
    history.replaceState(null, '', hashOf(null, parametersOf(filter)));
    show(filter, new URLSearchParams());
  };
  const filter = filterFrom(parameters);
  show(filter, parameters);
  return element('main', { id: 'content' }, [
    element('h1', { tabindex: -1 }, ['Rollouts']),
    inputSentence(index),
    filterForm(index, filter, change),
    count,
    results,
  ]);
}

function inputSentence({ input, rollouts }: ReportIndex): HTMLElement {
  const { read, folded, duplicates, ignored, invalid } = input;
  const number = (count: number) => count.toLocaleString('en-US');
  const services = new Set(rollouts.map(({ path, region, account }) => `${account} ${region} ${path}`)).size;
  return element('p', { class: 'lead' }, [
    `${counted(rollouts.length, 'rollout')} of ${counted(services, 'service')}, from ${counted(read, 'notification')}: `,
    `${number(folded)} folded, ${number(duplicates)} duplicates, ${number(ignored)} ignored, ${number(invalid)} invalid.`,
  ]);
}

function filterForm(
  index: ReportIndex,
  initial: RolloutFilter,
  change: (filter: RolloutFilter) => void,
): HTMLElement {
  let filter = initial;
  const set = (changed: Partial<RolloutFilter>) => {
    filter = { ...filter, ...changed };
    change(filter);
  };
  const chosenIn = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;
  const { rollouts } = index;
  return element('search', { class: 'filters', 'aria-label': 'Filter the rollouts' }, [
    field(
      'Text',
      element('input', {
        type: 'search',
        value: filter.text,
        placeholder: 'service, revision, deployment, reason',
        input: (event) => set({ text: chosenIn(event) }),
      }),
    ),
    field(
      'Outcome',
      choice(countsOf(rollouts.map(outcomeOrPhase)), filter.outcome, (outcome) => set({ outcome })),
    ),
    field(
      'Reason',
      choice(countsOf(rollouts.flatMap(({ verdict }) => verdict?.reason ?? [])), filter.reason, (reason) =>
        set({ reason }),
      ),
    ),
    field(
      'Order',
      element(
        'select',
        { change: (event) => set({ sort: chosenIn(event) as RolloutFilter['sort'] }) },
        Object.entries(orders).map(([value, words]) =>
          element('option', { value, selected: value === filter.sort }, [words]),
        ),
      ),
    ),
  ]);
}

const orders: { readonly [key in RolloutFilter['sort']]: string } = {
  oldest: 'oldest first',
  newest: 'newest first',
  slowest: 'slowest verdict first',
  fastest: 'fastest verdict first',
  failures: 'most failed tasks first',
};

function field(label: string, control: HTMLElement): HTMLElement {
  return element('label', {}, [element('span', {}, [label]), control]);
}

function choice(
  counts: ReadonlyMap<string, number>,
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const options = [...counts].map(([value, count]) =>
    element('option', { value, selected: value === chosen }, [`${contractWords(value)} (${count})`]),
  );
  const all = element('option', { value: '' }, ['all']);
  return element('select', { change: (event) => choose((event.target as HTMLSelectElement).value) }, [
    all,
    ...options,
  ]);
}

function countsOf(values: readonly string[]): ReadonlyMap<string, number> {
  const groups = [...Map.groupBy(values, (value) => value)].map(
    ([value, { length }]) => [value, length] as const,
  );
  return new Map(groups.sort(([, a], [, b]) => b - a));
}

function resultsOf(entries: readonly IndexEntry[], filter: RolloutFilter, asked: URLSearchParams): Child[] {
  if (entries.length === 0) return [];
  const pages = Math.ceil(entries.length / rowsPerPage);
  const page = shownPage(asked, pages);
  const body = element(
    'tbody',
    {},
    entries.slice((page - 1) * rowsPerPage, page * rowsPerPage).map(indexRow),
  );
  const onScreen = [...body.children];
  whenPrinting(
    body,
    () => body.replaceChildren(...entries.map(indexRow)),
    () => body.replaceChildren(...onScreen),
  );
  return [
    overviewPlot(entries),
    element('table', { class: 'index' }, [tableHead(), body]),
    pager({ page, pages, hrefOf: (to) => hashOf(null, { ...parametersOf(filter), page: String(to) }) }),
  ];
}

function tableHead(): HTMLElement {
  const heads = [
    ['Rollout', ''],
    ['Started (UTC)', 'wide-only'],
    ['Outcome', ''],
    ['Verdict', 'wide-only'],
    ['Time to verdict', 'number'],
    ['Failed / started', 'number wide-only'],
  ];
  return element('thead', {}, [
    element(
      'tr',
      {},
      heads.map(([head = '', kind = '']) => element('th', { scope: 'col', class: kind }, [head])),
    ),
  ]);
}

function indexRow(entry: IndexEntry): HTMLElement {
  const { isRollback, startedAt, verdict, secondsToVerdict, started, failed } = entry;
  return element('tr', {}, [
    element('th', { scope: 'row' }, [
      element('a', { href: hashOf(rolloutAddress(entry)) }, [rolloutTitleFrom(entry)]),
      isRollback ? element('span', { class: 'note' }, [' a rollback']) : null,
    ]),
    element('td', { class: 'wide-only when' }, [dateAndTime(startedAt)]),
    element('td', {}, [outcomeBadge(outcomeOrPhase(entry))]),
    element('td', { class: 'wide-only' }, [verdict === null ? '–' : `${verdict.result}: ${verdict.reason}`]),
    element('td', { class: 'number' }, [
      secondsToVerdict === null ? '–' : formatDuration(secondsToVerdict * 1000),
    ]),
    element('td', { class: 'number wide-only' }, [`${failed} / ${started}`]),
  ]);
}
