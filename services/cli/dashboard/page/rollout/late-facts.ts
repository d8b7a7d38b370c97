import { formatDuration } from '../../../../sentences/quantities';
import { element } from '../../../report/page/elements/element';
import { clockText } from '../../../report/page/elements/time-text';
import type { LateFact, RolloutLife } from '../../data/dashboard-data';

/** What was learnt long after it took place; null where nothing was. */
export function lateFactSection(
  { late, from }: RolloutLife,
  knownAt: number,
  hrefAt: (at: number) => string,
): HTMLElement | null {
  if (late.length === 0) return null;
  return element('section', { class: 'late-facts' }, [
    element('h2', {}, ['Late facts']),
    element('p', { class: 'note' }, [
      'What was learnt long after it took place: until then Rewind had to judge without it.',
    ]),
    element(
      'ul',
      {},
      late.map((fact) => lateFactLine(fact, { from, knownAt, hrefAt })),
    ),
  ]);
}

interface LateFactView {
  readonly from: number;
  readonly knownAt: number;
  readonly hrefAt: (at: number) => string;
}

function lateFactLine(
  { occurredAt, recordedAt, text, isBehindVerdict }: LateFact,
  { from, knownAt, hrefAt }: LateFactView,
): HTMLElement {
  const isKnown = recordedAt <= knownAt;
  const after = (at: number) => clockText(Math.max(0, at - from));
  const moral = isBehindVerdict ? '; it came behind the verdict, which it does not change' : '';
  const delay = formatDuration(Math.max(0, recordedAt - occurredAt));
  return element('li', { class: isKnown ? '' : 'unknown' }, [
    `${after(occurredAt)} ${text} `,
    element('span', { class: 'note' }, [
      isKnown
        ? `learnt at ${after(recordedAt)}, ${delay} later${moral}. `
        : `not known yet: it is learnt at ${after(recordedAt)}${moral}. `,
    ]),
    element('a', { href: hrefAt(recordedAt - 1) }, ['just before']),
    ' · ',
    element('a', { href: hrefAt(recordedAt) }, ['when it was learnt']),
  ]);
}
