import './page.css';
import type { RolloutDetail } from '../report-data';
import { element } from './element';
import { readDetail, readIndex } from './embedded-data';
import { indexView } from './index-view';
import { showNotifications } from './notification-dialog';
import { rolloutView } from './rollout-view';
import { hashOf, keyOf, parseRoute } from './route';
import { dateAndTime } from './time-text';

const index = await readIndex();
const numbers = new Map(index.rollouts.map((entry, number) => [keyOf(entry), number]));

/** Parameters that open something above the page. */
const opening: readonly string[] = ['task', 'event'];

/** The address of what is on the page, without what is open above it. */
let place = '';

addEventListener('hashchange', () => show(true));
document.body.prepend(skipLink(), banner(), element('main', { id: 'content' }));
await show(false);
document.documentElement.dataset.ready = 'true';

/** Shows what the address says. After a move within the report the focus goes to the heading, as on a page that was loaded. */
async function show(hasMoved: boolean): Promise<void> {
  const { rollout, parameters } = parseRoute(location.hash);
  const under = hashOf(
    rollout,
    Object.fromEntries([...parameters].filter(([name]) => !opening.includes(name))),
  );
  const number = rollout === null ? undefined : numbers.get(rollout);
  document.querySelector('dialog')?.remove();
  if (number === undefined) {
    replaceMain(rollout === null ? indexView(index, parameters) : notFound(), hasMoved);
    place = under;
    return;
  }
  const entry = index.rollouts[number];
  const detail = await readDetail(number);
  if (entry === undefined) return;
  if (under !== place) replaceMain(rolloutView({ index, number, entry, detail, parameters }), hasMoved);
  place = under;
  const opened = openedBy(parameters, detail);
  if (opened === null) return;
  await showNotifications({
    rollout: number,
    detail,
    ...opened,
    onClose: () => history.replaceState(null, '', under),
  });
}

function openedBy(
  parameters: URLSearchParams,
  detail: RolloutDetail,
): { heading: string; events: readonly number[] } | null {
  const lane = detail.tasks.find(({ task }) => task === parameters.get('task'));
  if (lane !== undefined) return { heading: `Task ${lane.task}`, events: lane.events };
  const event = parameters.get('event');
  if (event === null || detail.events.at[Number(event)] === undefined) return null;
  return {
    heading: `${detail.events.label[Number(event)]} at ${dateAndTime(detail.events.at[Number(event)] ?? 0)}`,
    events: [Number(event)],
  };
}

function replaceMain(next: HTMLElement, hasMoved: boolean): void {
  document.querySelector('main')?.replaceWith(next);
  const heading = next.querySelector('h1');
  document.title = `${heading?.textContent ?? ''} · Rewind`;
  if (!hasMoved) return;
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}

function notFound(): HTMLElement {
  return element('main', { id: 'content' }, [
    element('h1', { tabindex: -1 }, ['No such rollout']),
    element('p', {}, [
      'This report holds no rollout of that address. ',
      element('a', { href: hashOf(null) }, ['All rollouts']),
    ]),
  ]);
}

function skipLink(): HTMLElement {
  const skip = (event: Event) => {
    // The hash belongs to the report: following the link must not change it.
    event.preventDefault();
    document.querySelector('h1')?.focus();
  };
  return element('a', { class: 'skip', href: '#content', click: skip }, ['Skip to the content']);
}

function banner(): HTMLElement {
  const set = (event: Event) => {
    document.documentElement.dataset.theme = (event.target as HTMLSelectElement).value;
  };
  const themes = [
    ['system', 'as the system'],
    ['light', 'light'],
    ['dark', 'dark'],
  ] as const;
  return element('header', {}, [
    element('a', { href: hashOf(null), class: 'brand' }, ['Rewind']),
    element('span', { class: 'note' }, ['what was known of each rollout, and what was made of it']),
    element('label', { class: 'theme' }, [
      'Theme ',
      element(
        'select',
        { change: set },
        themes.map(([value, words]) => element('option', { value }, [words])),
      ),
    ]),
  ]);
}
