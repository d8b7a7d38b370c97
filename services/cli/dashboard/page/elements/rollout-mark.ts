import { type Child, element } from '../../../report/page/elements/element';
import type { ListedRollout, ServiceEntry, ServiceHold } from '../../data/dashboard-data';

/** Where a rollout stands: sign, words and colour. */
export function markBadge({ mark }: Pick<ListedRollout, 'mark'>): HTMLElement {
  return element('span', { class: `badge ${mark.tone}` }, [
    element('span', { 'aria-hidden': 'true' }, [`${mark.sign} `]),
    mark.words,
  ]);
}

/** Who holds the service, until when and why; null where nobody does. */
export function holdNote(hold: ServiceHold | null): HTMLElement | null {
  if (hold === null) return null;
  const who = hold.by === null ? '' : ` by ${hold.by.split('/').at(-1)}`;
  const until =
    hold.until === null ? '' : ` until ${new Date(hold.until).toISOString().slice(0, 16).replace('T', ' ')}Z`;
  const why = hold.reason === null ? '' : `: “${hold.reason}”`;
  return element('span', { class: 'hold' }, [`${hold.kind}${who}${until}${why}`]);
}

/** What counts down: the bake, or the time that ECS waits at a gate. */
export function countdown({ gate, bakesSince, rollout }: ServiceEntry): HTMLElement | null {
  if (gate !== null) {
    const where = gate.stage === null ? 'a gate' : gate.stage;
    const end = gate.until === null ? [] : [', ', left(gate.until), ' left'];
    return element('span', { class: 'countdown' }, [`ECS waits for an answer at ${where}`, ...end]);
  }
  if (bakesSince === null || rollout?.dueAt == null) return null;
  const bar = element('progress', {
    max: 1,
    value: 0,
    'aria-label': 'bake',
    'data-from': bakesSince,
    'data-to': rollout.dueAt,
  });
  return element('span', { class: 'countdown' }, ['bakes, ', left(rollout.dueAt), ' left ', bar]);
}

function left(until: number): HTMLElement {
  return element('b', { 'data-until': until }, ['…']);
}

/** Who brought it, and the commit: whatever is known of where it comes from. */
export function originOf({ who, commit, why }: ListedRollout): Child[] {
  const parts = [commit, who === '' ? '' : `by ${who}`, why ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? [] : [element('span', { class: 'note' }, [parts.join(' · ')])];
}

/** `3 started, 2 run, 1 failed`. */
export function taskWords({ tasks }: ListedRollout): string {
  const { started, running, failed } = tasks;
  return [`${started} started`, `${running} run`, `${failed} failed`].join(', ');
}
