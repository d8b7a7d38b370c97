import type { ReportIndex } from '../../report-data';
import { element } from '../elements/element';
import { NotificationReader, readDetail } from '../elements/embedded-data';
import { replaceMain } from '../elements/frame';
import { hashOf, parseRoute, rolloutAddress } from '../elements/route';
import { indexView } from './index-view';
import { notificationDialog, openedBy, openingParameters } from './notification-dialog';
import { rolloutView } from './rollout-view';

/**
 * The report on the rollouts of a history: an index, a view of each, and notifications above that.
 */
export class RolloutReport {
  readonly #index: ReportIndex;
  readonly #notifications = new NotificationReader();
  readonly #numbers: ReadonlyMap<string, number>;
  /** The address of what is on the page, without what is open above it. */
  #place = '';

  constructor(index: ReportIndex) {
    this.#index = index;
    this.#numbers = new Map(index.rollouts.map((entry, number) => [rolloutAddress(entry), number]));
  }

  /** Shows what the address says. */
  async show(hasMoved: boolean): Promise<void> {
    const { rollout, parameters } = parseRoute(location.hash);
    const below = [...parameters].filter(([name]) => !openingParameters.includes(name));
    const place = hashOf(rollout, Object.fromEntries(below));
    document.querySelector('dialog')?.remove();
    if (rollout !== null) return this.#showRollout(rollout, { place, parameters, hasMoved });
    this.#place = place;
    replaceMain(indexView(this.#index, parameters), hasMoved);
  }

  async #showRollout(
    key: string,
    { place, parameters, hasMoved }: { place: string; parameters: URLSearchParams; hasMoved: boolean },
  ): Promise<void> {
    const { hash } = location;
    const number = this.#numbers.get(key) ?? -1;
    const entry = this.#index.rollouts[number];
    if (entry === undefined) return replaceMain(notFound(), hasMoved);
    const detail = await readDetail(number);
    // Unpacking takes its time: somebody may have moved on.
    if (location.hash !== hash) return;
    const index = this.#index;
    if (place !== this.#place)
      replaceMain(rolloutView({ index, number, entry, detail, parameters }), hasMoved);
    this.#place = place;
    const opened = openedBy(parameters, detail);
    if (opened === null) return;
    const onClose = () => history.replaceState(null, '', place);
    const dialog = await notificationDialog({
      notificationOf: (event) => this.#notifications.read(number, event),
      detail,
      ...opened,
      onClose,
    });
    if (location.hash !== hash) return;
    document.body.append(dialog);
    dialog.showModal();
  }
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
