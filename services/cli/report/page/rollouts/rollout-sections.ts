import type { Rollout } from '../../../../../state-machines/rollout/rollout';
import { isRollback } from '../../../../../state-machines/rollout/rollout-context';
import { formatDuration } from '../../../../sentences/quantities';
import { otherRuleSentence, postponementSentence } from '../../../../sentences/rollout-words';
import { weighedSentence } from '../../../../sentences/weighed-sentence';
import type { RolloutDetail, TimelineEntry } from '../../report-data';
import { type Child, element } from '../elements/element';
import { figure } from '../elements/figure';
import { fitted } from '../elements/fitted';
import { clockText, dateAndTime } from '../elements/time-text';
import { measuredSections } from '../measurements/measured-sections';
import { evidencePlot, evidenceSentence } from './evidence-plot';
import { gateSection } from './gate-section';
import { type Machine, machineChart } from './machine-chart';
import { ratioPlot } from './ratio-plot';
import { taskSection } from './task-section';

/** What stands below the heading of a rollout, in the report and in the dashboard. */
interface RolloutBody {
  readonly machine: Machine;
  readonly detail: RolloutDetail;
  /** Where the service runs. */
  readonly place: string;
  readonly parameters: URLSearchParams;
  /** The address with these parameters changed. */
  readonly hrefWith: (parameters: Record<string, string>) => string;
}

/** A rollout below its heading: verdict, machine, facts, what happened, evidence, tasks. */
export function rolloutSections({
  machine,
  detail,
  place,
  parameters,
  hrefWith,
}: RolloutBody): (HTMLElement | null)[] {
  return [
    element('p', { class: 'lead' }, [verdictSentence(detail)]),
    element('div', { class: 'chart-and-facts' }, [chartSection(machine, detail), facts(detail, place)]),
    whatHappened(detail, hrefWith),
    gateSection(detail),
    figure({
      heading: 'Evidence',
      caption: evidenceSentence(detail),
      content: [fitted((width) => evidencePlot(detail, width))],
    }),
    ratioFigure(detail),
    ...measuredSections(detail),
    taskSection({ detail, parameters, hrefWith }),
  ];
}

/** What the evidence weighs against the service's past; null where the policy counts percent. */
function ratioFigure(detail: RolloutDetail): HTMLElement | null {
  const { weighed } = detail.rollout;
  if (weighed === null) return null;
  return figure({
    heading: 'Weight of the evidence',
    caption: `${weighedSentence(weighed)}.`,
    content: [fitted((width) => ratioPlot(detail, weighed, width))],
  });
}

function verdictSentence({ rollout: { verdict, startedAt, postponed } }: RolloutDetail): string {
  if (verdict === null && postponed !== null) {
    return `The verdict waits until ${dateAndTime(postponed.until)} at the latest: ${postponementSentence(postponed.reason)}.`;
  }
  if (verdict === null) return 'No verdict yet.';
  const { result, reason, at, message } = verdict;
  return `Verdict after ${formatDuration(at - startedAt)}: ${result} (${reason}): ${message}.`;
}

function facts({ rollout }: RolloutDetail, place: string): HTMLElement {
  const { policy, evidence } = rollout;
  const alarms = policy.alarms.length === 0 ? 'no alarms' : `alarms ${policy.alarms.join(', ')}`;
  const listed: readonly [string, Child][] = [
    ['Deployment', element('span', { class: 'id' }, [rollout.deployment])],
    ['Place', place],
    ['Started', dateAndTime(rollout.startedAt)],
    [
      'Ended',
      rollout.endedAt === null
        ? 'not yet, as far as is known'
        : `${dateAndTime(rollout.endedAt)}, after ${formatDuration(rollout.endedAt - rollout.startedAt)}`,
    ],
    ['Takes back', takenBack(rollout)],
    [
      'Tasks',
      [evidence.started, 'started,', evidence.ran, 'ran,', evidence.failed, 'failed']
        .map((part) => part.toLocaleString('en-US'))
        .join(' '),
    ],
    ['The other rule', otherRuleSentence(rollout)],
    [
      'Policy',
      `${policy.mode}; ${ruleText(rollout)}, at least ${policy.minimumFailures}; deadline ${formatDuration(policy.deadlineSeconds * 1000)}, bake ${formatDuration(policy.bakeSeconds * 1000)}; ${alarms}`,
    ],
  ];
  return element(
    'dl',
    { class: 'facts' },
    listed
      .filter(([, fact]) => fact !== null)
      .map(([term, fact]) => element('div', {}, [element('dt', {}, [term]), element('dd', {}, [fact])])),
  );
}

function takenBack(rollout: Rollout): Child {
  if (!isRollback(rollout)) return null;
  if (rollout.rollbackOf === null) return 'a deployment of which nobody has told';
  return element('span', { class: 'id' }, [rollout.rollbackOf]);
}

function ruleText({ weighed, policy: { failurePercent, evidenceRatio } }: Rollout): string {
  if (weighed === null) return `more than ${failurePercent} %`;
  return `evidence that is ${evidenceRatio} times likelier if the release is bad`;
}

function whatHappened(
  { timeline, rollout }: RolloutDetail,
  hrefWith: (parameters: Record<string, string>) => string,
): HTMLElement {
  const rows = timeline.map((entry) => timelineRow(entry, rollout.startedAt, hrefWith));
  return element('section', {}, [
    element('h2', {}, ['What happened']),
    element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'What happened' }, [
      element('table', { class: 'moments' }, [
        element('thead', {}, [
          element(
            'tr',
            {},
            ['No.', 'After', 'Who', 'What'].map((head) => element('th', { scope: 'col' }, [head])),
          ),
        ]),
        element('tbody', {}, rows),
      ]),
    ]),
  ]);
}

function timelineRow(
  { at, who, text, mark, event }: TimelineEntry,
  startedAt: number,
  hrefWith: (parameters: Record<string, string>) => string,
): HTMLElement {
  const words: Child =
    event === null ? text : element('a', { href: hrefWith({ event: String(event) }) }, [text]);
  return element('tr', { class: mark === null ? '' : 'marked' }, [
    element('td', { class: 'mark' }, [mark === null ? '' : String(mark)]),
    element('td', { class: 'number', title: dateAndTime(at) }, [clockText(Math.max(0, at - startedAt))]),
    element('td', { class: 'who' }, [who]),
    element('td', {}, [words]),
  ]);
}

function chartSection(machine: Machine, { rollout }: RolloutDetail): HTMLElement {
  return element('section', {}, [
    element('h2', {}, ['The machine, and the way taken']),
    element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Chart of the machine' }, [
      machineChart(machine, rollout),
    ]),
  ]);
}
