import type { TaskClass } from '../../../../../state-machines/log/stopped-task';
import { taskClassWords } from '../../../../sentences/rollout-words';
import type { RolloutDetail, TaskLane } from '../../report-data';
import { element } from '../elements/element';
import { fitted } from '../elements/fitted';
import { pager, shownPage } from '../elements/pager';
import { clockText } from '../elements/time-text';
import { classSign, taskClasses } from './task-class-style';
import { statuses, taskLanes } from './task-lanes';

const lanesPerPage = 50;

interface TaskView {
  readonly detail: RolloutDetail;
  readonly parameters: URLSearchParams;
  /** The address with these parameters changed. */
  readonly hrefWith: (parameters: Record<string, string>) => string;
}

/**
 * The tasks of a rollout: a legend that filters, their lanes, and the same as a table; a page at a
 * time.
 */
export function taskSection({ detail, parameters, hrefWith }: TaskView): HTMLElement {
  const chosen = parameters.get('class') ?? '';
  const tasks = detail.tasks.filter(({ taskClass }) => chosen === '' || (taskClass ?? notStopped) === chosen);
  const pages = Math.ceil(tasks.length / lanesPerPage);
  const page = shownPage(parameters, pages);
  const shown = tasks.slice((page - 1) * lanesPerPage, page * lanesPerPage);
  const hrefOf = (task: string) => hrefWith({ task });
  return element('section', {}, [
    element('h2', {}, ['Tasks']),
    classFilter(detail.tasks, chosen, hrefWith),
    shown.length === 0
      ? element('p', { class: 'note' }, ['No task is known of.'])
      : element('figure', {}, [
          fitted((width) => taskLanes({ detail, tasks: shown, hrefOf }, width)),
          element('figcaption', {}, [statusLegend(), 'A task’s name opens its notifications.']),
        ]),
    pager({ page, pages, hrefOf: (to) => hrefWith({ page: String(to) }) }),
    shown.length === 0 ? null : taskTable({ detail, tasks: shown, hrefOf }),
  ]);
}

const notStopped = 'not stopped';

function classFilter(
  tasks: readonly TaskLane[],
  chosen: string,
  hrefWith: TaskView['hrefWith'],
): HTMLElement {
  const counts = Map.groupBy(tasks, ({ taskClass }) => taskClass ?? notStopped);
  const shown = ['', ...taskClasses, notStopped].filter(
    (name) => name === '' || counts.has(name as TaskClass),
  );
  const items = shown.map((name) => {
    const count = name === '' ? tasks.length : (counts.get(name as TaskClass)?.length ?? 0);
    const sign = name === '' || name === notStopped ? null : classSign(name as TaskClass);
    const current = name === chosen ? 'true' : null;
    const words = `${name || 'all'} ${count.toLocaleString('en-US')}`;
    return element('li', {}, [
      element('a', { href: hrefWith({ class: name, page: '' }), 'aria-current': current }, [sign, words]),
    ]);
  });
  return element('nav', { 'aria-label': 'Tasks by class' }, [element('ul', { class: 'legend' }, items)]);
}

function statusLegend(): HTMLElement {
  return element(
    'span',
    { class: 'statuses' },
    statuses.map(({ name }) => element('span', {}, [element('i', { class: `status ${name}` }), ` ${name} `])),
  );
}

function taskTable({
  detail,
  tasks,
  hrefOf,
}: {
  detail: RolloutDetail;
  tasks: readonly TaskLane[];
  hrefOf: (task: string) => string;
}): HTMLElement {
  const since = (at: number | null) =>
    at === null ? '–' : clockText(Math.max(0, at - detail.rollout.startedAt));
  const rows = tasks.map(
    ({ task, createdAt, runningAt, stoppedAt, taskClass, causeKind, lastStatus, reason }) =>
      element('tr', {}, [
        element('th', { scope: 'row' }, [
          element('a', { href: hrefOf(task), class: 'id' }, [task.slice(0, 8)]),
        ]),
        element('td', { class: 'number' }, [since(createdAt)]),
        element('td', { class: 'number' }, [since(runningAt)]),
        element('td', { class: 'number' }, [since(stoppedAt)]),
        element('td', {}, [taskClass === null ? lastStatus : taskClassWords({ taskClass, causeKind })]),
        element('td', { class: 'wide-only' }, [reason ?? '']),
      ]),
  );
  const heads = ['Task', 'Created', 'Running', 'Stopped', 'Class', 'Reason'];
  return element('details', { class: 'as-table' }, [
    element('summary', {}, ['These lanes as a table']),
    element('table', {}, [
      element('thead', {}, [
        element(
          'tr',
          {},
          heads.map((head, column) =>
            element(
              'th',
              { scope: 'col', class: column === 5 ? 'wide-only' : column > 0 && column < 4 ? 'number' : '' },
              [head],
            ),
          ),
        ),
      ]),
      element('tbody', {}, rows),
    ]),
  ]);
}
