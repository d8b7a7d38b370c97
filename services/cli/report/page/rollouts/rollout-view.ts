import { rolloutTitleFrom } from '../../../../sentences/rollout-words';
import type { IndexEntry, ReportIndex, RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import { outcomeBadge } from '../elements/outcome-badge';
import { hashOf, rolloutAddress } from '../elements/route';
import { outcomeOrPhase } from './rollout-filter';
import { rolloutSections } from './rollout-sections';

interface RolloutView {
  readonly index: ReportIndex;
  readonly number: number;
  readonly entry: IndexEntry;
  readonly detail: RolloutDetail;
  readonly parameters: URLSearchParams;
}

/** One rollout, whole. */
export function rolloutView(view: RolloutView): HTMLElement {
  const { index, entry, detail, parameters } = view;
  const hrefWith = (changed: Record<string, string>) =>
    hashOf(rolloutAddress(entry), {
      class: parameters.get('class') ?? '',
      page: parameters.get('page') ?? '',
      ...changed,
    });
  return element('main', { id: 'content' }, [
    neighbours(view),
    element('h1', { tabindex: -1 }, [`${rolloutTitleFrom(entry)} `, outcomeBadge(outcomeOrPhase(entry))]),
    ...rolloutSections({ machine: index, detail, parameters, hrefWith, place: placeOf(entry) }),
  ]);
}

function placeOf({ region, account }: IndexEntry): string {
  return `${region}, account ${account}`;
}

function neighbours({ index, number }: RolloutView): HTMLElement {
  const link = (words: string, entry: IndexEntry | undefined) =>
    entry === undefined
      ? element('span', { class: 'off' }, [words])
      : element('a', { href: hashOf(rolloutAddress(entry)) }, [words]);
  return element('nav', { class: 'pager', 'aria-label': 'Rollouts' }, [
    element('a', { href: hashOf(null) }, ['all rollouts']),
    link('← earlier', index.rollouts[number - 1]),
    link('later →', index.rollouts[number + 1]),
  ]);
}
