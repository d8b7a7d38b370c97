import type { MeasuredPoint } from '../../../../../state-machines/analysis/measured-point';
import type { RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import { dateAndTime } from '../elements/time-text';

/** What the figures show, a row a window. */
export function windowTable({ measured }: RolloutDetail): HTMLElement {
  const metrics = measured.at(-1)?.metrics ?? [];
  const heads = ['Minute until', 'Share', ...metrics.map(({ metric }) => metric)];
  return element('details', { class: 'as-table' }, [
    element('summary', {}, ['These windows as a table']),
    element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Measured windows' }, [
      element('table', {}, [
        element('thead', {}, [
          element(
            'tr',
            {},
            heads.map((head) => element('th', { scope: 'col' }, [head])),
          ),
        ]),
        element('tbody', {}, measured.map(windowRow)),
      ]),
    ]),
  ]);
}

function windowRow({ until, share, metrics }: MeasuredPoint): HTMLElement {
  const cells = [
    dateAndTime(until),
    share === null ? 'unknown' : `${Math.round(1000 * share) / 10} %`,
    ...metrics.map(metricText),
  ];
  return element(
    'tr',
    {},
    cells.map((cell) => element('td', {}, [cell])),
  );
}

function metricText({ state, result, ratio, interval }: MeasuredPoint['metrics'][number]): string {
  if (state !== 'measured') return state ?? 'no counts';
  const range = interval === null ? '' : ` (${twoDigits(interval.from)} to ${twoDigits(interval.to)})`;
  return ratio === null ? `${result}${range}` : `${result}, ${twoDigits(ratio)} ×${range}`;
}

function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}
