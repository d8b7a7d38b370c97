import { counted, countOf, formatDuration, within } from '../../../../sentences/quantities';
import { contractWords, rolloutTitleFrom } from '../../../../sentences/rollout-words';
import type { BacktestData, ComparisonSection, DifferenceRow, TrialRow } from '../../backtest-data';
import { element } from '../elements/element';
import { pager, shownPage } from '../elements/pager';
import { hashOf } from '../elements/route';
import { dateAndTime } from '../elements/time-text';
import { settingsText, tradeOffPlot } from './trade-off-plot';

/** What another policy would do with a history, and the trade-off of a sweep. */
export function backtestView({ names, document }: BacktestData, parameters: URLSearchParams): HTMLElement {
  const { truths, comparison, sweep, given, choice, warning } = document;
  const lead = `In truth, ${truths.good} rollouts were good, ${truths.bad} bad, and of ${truths.unknown} it is not known.`;
  const title = comparison === null ? names.after : `${names.after} instead of ${names.before}`;
  return element('main', { id: 'content' }, [
    element('h1', { tabindex: -1 }, [`What would be with ${title}`]),
    element('p', { class: 'lead' }, [lead]),
    warning === null ? null : element('p', {}, [warning]),
    element('p', {}, [enforcedSentence(given)]),
    choice === null ? null : element('p', {}, [choiceSentence(choice)]),
    ...(sweep === null ? [] : [tradeOffPlot(sweep), trialTable(sweep)]),
    comparison === null ? null : comparisonSection(comparison, parameters),
  ]);
}

function enforcedSentence({ good, bad, falseRollbacks, missed, leftToOthers }: TrialScore): string {
  const ofGood = `${falseRollbacks} of ${counted(good, 'good rollout')}${within(falseRollbacks, good)}`;
  const open = missed + leftToOthers;
  return `Enforced, it takes back ${ofGood}, and does not catch ${open} of ${counted(bad, 'bad one')}${within(open, bad)}.`;
}

function choiceSentence({ set, cost, saving }: NonNullable<BacktestData['document']['choice']>): string {
  const between = ({ value, from, to }: typeof cost) => [value, from, to].map((each) => each.toFixed(1));
  const [costs, least, most] = between(cost);
  const [saved, ...limits] = between(saving);
  return `Of what was tried, ${settingsText(set)} is the choice: it costs ${costs} (${least} to ${most}), ${saved} (${limits.join(' to ')}) less than the policy as it is given.`;
}

type TrialScore = Omit<TrialRow, 'set' | 'isBest'>;

function trialTable(trials: readonly TrialRow[]): HTMLElement {
  const keys = Object.keys(trials[1]?.set ?? {});
  const time = (seconds: number | null) => (seconds === null ? 'never' : formatDuration(seconds * 1000));
  const rows = trials.map(
    ({ set, isBest, good, bad, falseRollbacks, missed, leftToOthers, secondsToVerdict }, index) => [
      index === 0 ? 'given' : isBest ? 'best' : '',
      ...keys.map((key) => String(set[key] ?? 'as given')),
      countOf(falseRollbacks, good),
      countOf(missed, bad),
      String(leftToOthers),
      time(secondsToVerdict.half),
      time(secondsToVerdict.nineTenths),
    ],
  );
  const heads = ['', ...keys, 'good taken back', 'bad missed', 'left to others', 'half by', 'nine tenths by'];
  return scrollingTable({ caption: 'Combinations', heads, rows, isNumber: (column) => column > 0 });
}

const rowsPerPage = 100;

function comparisonSection(comparison: ComparisonSection, parameters: URLSearchParams): HTMLElement {
  const { rollouts, changes, falseRollbacks, missed, tasksSpared, differences } = comparison;
  const counts: readonly [string, number][] = [
    ['Rollouts compared', rollouts],
    ...Object.entries(changes).map(
      ([change, count]) => [changeWords[change] ?? contractWords(change), count] as [string, number],
    ),
    ['Good ones taken back', falseRollbacks],
    ['Bad ones missed', missed],
    ['Tasks spared', tasksSpared],
  ];
  const pages = Math.ceil(differences.length / rowsPerPage);
  const page = shownPage(parameters, pages);
  const rows = differences.slice((page - 1) * rowsPerPage, page * rowsPerPage).map(differenceRow);
  return element('section', {}, [
    element('h2', {}, ['The difference']),
    element(
      'dl',
      { class: 'facts' },
      counts.map(([term, count]) =>
        element('div', {}, [element('dt', {}, [term]), element('dd', {}, [count.toLocaleString('en-US')])]),
      ),
    ),
    scrollingTable({
      caption: 'Rollouts that would end differently',
      heads: ['Rollout', 'Started (UTC)', 'In truth', 'Change', 'Before', 'After', 'Tasks spared'],
      rows,
      isNumber: (column) => column === 6,
    }),
    pager({
      page,
      pages,
      hrefOf: (to) => hashOf(null, { page: String(to) }),
    }),
  ]);
}

const changeWords: { readonly [change: string]: string } = {
  takenBack: 'Would be taken back',
  spared: 'Would not be taken back',
  sooner: 'Verdict sooner',
  later: 'Verdict later',
  otherwise: 'Would end otherwise',
};

function differenceRow({
  service,
  taskDefinition,
  startedAt,
  truth,
  change,
  before,
  after,
  laterBySeconds,
  tasksSpared,
}: DifferenceRow): string[] {
  const behindSlash = (arn: string) => arn.slice(arn.indexOf('/') + 1);
  const words = changeWords[change] ?? contractWords(change);
  const seconds = Math.abs(laterBySeconds ?? 0);
  const end = ({ verdict, outcome }: DifferenceRow['before']) =>
    [verdict?.reason ?? 'no verdict', outcome === null ? null : contractWords(outcome)]
      .filter((part) => part !== null)
      .join(', ');
  return [
    rolloutTitleFrom({
      path: behindSlash(service),
      taskDefinition: taskDefinition === null ? null : behindSlash(taskDefinition),
    }),
    dateAndTime(Date.parse(startedAt)),
    truth,
    laterBySeconds === null ? words : `${words} by ${formatDuration(seconds * 1000)}`,
    end(before),
    end(after),
    String(tasksSpared),
  ];
}

interface Table {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where its columns of numbers are. */
  readonly isNumber: (column: number) => boolean;
}

function scrollingTable({ caption, heads, rows, isNumber }: Table): HTMLElement {
  const kind = (column: number) => (isNumber(column) ? 'number' : '');
  const cell = (text: string, column: number) => element('td', { class: kind(column) }, [text]);
  const head = (text: string, column: number) =>
    text === '' ? element('td') : element('th', { scope: 'col', class: kind(column) }, [text]);
  return element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption }, [
    element('table', {}, [
      element('caption', {}, [caption]),
      element('thead', {}, [element('tr', {}, heads.map(head))]),
      element(
        'tbody',
        {},
        rows.map((row) => element('tr', {}, row.map(cell))),
      ),
    ]),
  ]);
}
