import type { RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import type { NotificationReader } from '../elements/embedded-data';
import { dateAndTime } from '../elements/time-text';

/** What the dialog shows, and where the address goes when it is closed. */
interface DialogContent {
  readonly rollout: number;
  readonly notifications: NotificationReader;
  readonly detail: RolloutDetail;
  readonly heading: string;
  /** Which of the rollout's events. */
  readonly events: readonly number[];
  readonly onClose: () => void;
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
  { rollout, notifications, detail }: DialogContent,
  event: number,
  isOpen: boolean,
): Promise<HTMLElement> {
  const notification = await notifications.read(rollout, event);
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
