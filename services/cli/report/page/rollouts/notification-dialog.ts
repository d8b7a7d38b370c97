import type { RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import { dateAndTime } from '../elements/time-text';

/** What the dialog shows, and where the address goes when it is closed. */
interface DialogContent extends OpenNotifications {
  /** The notification behind one of the rollout's events; null for an event without one. */
  readonly notificationOf: (event: number) => Promise<unknown>;
  readonly detail: RolloutDetail;
  readonly onClose: () => void;
}

interface OpenNotifications {
  readonly heading: string;
  /** Which of the rollout's events. */
  readonly events: readonly number[];
}

/** Parameters of an address that open something above the page. */
export const openingParameters: readonly string[] = ['task', 'event'];

/** What an address opens above a rollout: a task or an event; null where it opens nothing. */
export function openedBy(
  parameters: URLSearchParams,
  { tasks, events }: RolloutDetail,
): OpenNotifications | null {
  const lane = tasks.find(({ task }) => task === parameters.get('task'));
  if (lane !== undefined) return { heading: `Task ${lane.task}`, events: lane.events };
  const event = Number(parameters.get('event') ?? -1);
  const at = events.at[event];
  return at === undefined
    ? null
    : { heading: `${events.label[event]} at ${dateAndTime(at)}`, events: [event] };
}

/**
 * The notifications behind a task or a moment, as AWS sent them, the last one unfolded: a dialog
 * that is yet to be opened.
 */
export async function notificationDialog(shown: DialogContent): Promise<HTMLDialogElement> {
  const { heading, events } = shown;
  const entries = await Promise.all(
    events.map((event, index) => entryOf(shown, event, index === events.length - 1)),
  );
  const dialog: HTMLDialogElement = element('dialog', { 'aria-labelledby': 'dialog-heading' }, [
    element('div', { class: 'dialog-head' }, [
      element('h2', { id: 'dialog-heading' }, [heading]),
      element('button', { type: 'button', click: () => dialog.close() }, ['Close']),
    ]),
    ...entries,
  ]);
  dialog.addEventListener('close', () => {
    dialog.remove();
    shown.onClose();
  });
  return dialog;
}

async function entryOf(
  { notificationOf, detail }: DialogContent,
  event: number,
  isOpen: boolean,
): Promise<HTMLElement> {
  const notification = await notificationOf(event);
  const { at, label } = detail.events;
  const text =
    notification === null
      ? 'No notification: Rewind itself decided this.'
      : JSON.stringify(notification, null, 2);
  return element('details', { open: isOpen }, [
    element('summary', {}, [
      element('span', { class: 'when' }, [dateAndTime(at[event] ?? 0)]),
      ` ${label[event] ?? ''}`,
    ]),
    element('pre', { tabindex: 0, 'aria-label': `${label[event] ?? ''}, as it arrived` }, [text]),
  ]);
}
