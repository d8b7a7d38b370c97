import { element } from '../../../report/page/elements/element';
import type { RevisionEntry, ServiceEntry } from '../../data/dashboard-data';
import type { AppContext } from '../screen';
import { actDialog, type PageAct } from './act-dialog';

interface ActedOn {
  readonly entry: ServiceEntry;
  /** To go back to; the stable and the previous one can be named without them. */
  readonly revisions: readonly RevisionEntry[];
}

/** The acts that make sense now; null where the page may not act. */
export function actButtons(context: AppContext, { entry, revisions }: ActedOn): HTMLElement | null {
  if (!context.overview.isActing) return null;
  const isLive = entry.rollout !== null && entry.rollout.phase !== 'done';
  const targets = [
    'stable',
    'previous',
    ...revisions.filter(({ isRunning }) => !isRunning).map(({ name }) => name),
  ];
  const acts: readonly (PageAct | null)[] = [
    { words: 'Roll back', action: 'rollback', choice: { name: 'to', label: 'To', values: targets } },
    entry.gate === null ? null : { words: 'Let it pass the gate', action: 'promote', choice: null },
    isLive
      ? { words: entry.gate === null ? 'Abort' : 'Turn it back at the gate', action: 'abort', choice: null }
      : null,
    entry.bakesSince === null ? null : { words: 'End the bake', action: 'skipBake', choice: null },
    ...pauseOf(entry),
    entry.hold?.kind === 'frozen'
      ? { words: 'Unfreeze', action: 'unfreeze', choice: null }
      : {
          words: 'Freeze',
          action: 'freeze',
          choice: { name: 'scope', label: 'What', values: ['all', 'rollbacks', 'deploys'] },
        },
  ];
  return element(
    'div',
    { class: 'buttons', role: 'group', 'aria-label': 'Acts' },
    acts
      .filter((act) => act !== null)
      .map((act) =>
        element(
          'button',
          { type: 'button', id: `act-${act.action}`, click: () => open(context, entry, act) },
          [`${act.words} …`],
        ),
      ),
  );
}

/** A judgement can be paused that has not been given, and a pause ended. */
function pauseOf({ hold, rollout }: ServiceEntry): PageAct[] {
  if (hold?.kind === 'paused') return [{ words: 'Resume', action: 'resume', choice: null }];
  if (rollout?.phase !== 'watching' && rollout?.phase !== 'baking') return [];
  const choice = { name: 'until', label: 'For', values: ['1h', '4h', '24h'] };
  return [{ words: 'Pause', action: 'pause', choice }];
}

function open(context: AppContext, entry: ServiceEntry, act: PageAct): void {
  const dialog = actDialog(context, entry, act);
  document.body.append(dialog);
  dialog.showModal();
}
