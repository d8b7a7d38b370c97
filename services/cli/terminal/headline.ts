import type { Rollout } from '../../../state-machines/rollout/rollout';
import { rolloutStanding, rolloutTitle } from '../../sentences/rollout-words';
import type { Colours } from './colours';
import { width } from './text-layout';

type Paint = (text: string) => string;

/** The first line of a block: what it is about at the left, what became of it at the right. */
interface Headline {
  readonly subject: string;
  /** Stands behind the subject, without its weight. */
  readonly aside?: string;
  readonly ending: string;
  readonly paint: { readonly subject: Paint; readonly ending: Paint };
}

export function formatHeadline({ subject, aside = '', ending, paint }: Headline): string {
  const gap = Math.max(1, width - subject.length - aside.length - ending.length);
  return `${paint.subject(subject)}${aside}${' '.repeat(gap)}${paint.ending(ending)}`;
}

/** The headline of a rollout: its title, and its outcome or phase. */
export function formatRolloutHeadline(rollout: Rollout, colours: Colours): string {
  return formatHeadline({
    subject: rolloutTitle(rollout),
    aside: rollout.rollbackOf === null ? '' : `, taking back ${rollout.rollbackOf}`,
    ending: rolloutStanding(rollout),
    paint: { subject: colours.bold, ending: standingColour(rollout, colours) },
  });
}

function standingColour({ outcome, verdict }: Rollout, colours: Colours): Paint {
  if (outcome === 'succeeded') return colours.green;
  return verdict?.result === 'failed' ? colours.red : colours.yellow;
}
