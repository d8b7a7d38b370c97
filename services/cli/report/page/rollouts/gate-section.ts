import { formatDuration } from '../../../../sentences/quantities';
import type { GateEntry, RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import { clockText, dateAndTime } from '../elements/time-text';

/** Where ECS waited for an answer, and who gave it; null where it waited nowhere. */
export function gateSection({ gates, rollout, endsAt }: RolloutDetail): HTMLElement | null {
  if (gates.length === 0) return null;
  const rows = gates.map((gate) => {
    const waited = (gate.to ?? endsAt) - gate.from;
    return element('tr', {}, [
      element('td', { class: 'number', title: dateAndTime(gate.from) }, [
        clockText(Math.max(0, gate.from - rollout.startedAt)),
      ]),
      element('td', { class: 'number' }, [waited < 1000 ? 'not at all' : formatDuration(waited)]),
      element('td', {}, [`${gate.stage}: ${answerWords(gate)}`]),
    ]);
  });
  return element('section', { class: 'gates' }, [
    element('h2', {}, ['Gates']),
    element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Gates' }, [
      element('table', { class: 'moments' }, [
        element('thead', {}, [
          element(
            'tr',
            {},
            ['After', 'Waited', 'Stage and answer'].map((head) => element('th', { scope: 'col' }, [head])),
          ),
        ]),
        element('tbody', {}, rows),
      ]),
    ]),
  ]);
}

function answerWords({ to, until, held, answer, by, because, isTimedOut }: GateEntry): string {
  const left = held === null ? '' : `; it was left to people: ${held}`;
  if (isTimedOut) return `nobody in time: ECS did what the hook declares${left}`;
  if (to === null) return `not yet${until === null ? '' : `: ECS waits until ${dateAndTime(until)}`}${left}`;
  const who = by === null ? '' : ` by ${by.split('/').at(-1)}`;
  return `${answer ?? 'over'}${who}${because === null ? '' : `: ${because}`}${left}`;
}
