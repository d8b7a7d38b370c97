import type { Rollout } from '../../../state-machines/rollout/rollout';
import { rollbackWords, rolloutStanding, rolloutTitle } from '../../sentences/rollout-words';
import type { Colours } from './colours';
import { columnsOf, outputColumns, wrap } from './text-layout';

type Paint = (text: string) => string;

/** The first line of a block: what it is about at the left, what became of it at the right. */
interface Headline {
  readonly subject: string;
  /** Stands behind the subject, without its weight. */
  readonly aside?: string;
  readonly ending: string;
  readonly paint: { readonly subject: Paint; readonly ending: Paint };
}

/** On one line where it fits, else the ending has one of its own. */
export function formatHeadline({ subject, aside = '', ending, paint }: Headline): string {
  const columns = outputColumns();
  const gap = columns - columnsOf(subject) - columnsOf(aside) - columnsOf(ending);
  if (gap > 0) return `${paint.subject(subject)}${aside}${' '.repeat(gap)}${paint.ending(ending)}`;
  const lines = wrap(`${subject}${aside}`, columns).map(paint.subject);
  return [...lines, `  ${paint.ending(ending)}`].join('\n');
}

/** What a page is about, part beside part; under each other where the terminal is too narrow. */
export function* formatPlaceLine(
  parts: readonly { readonly text: string; readonly paint: Paint }[],
): Generator<string> {
  const columns = outputColumns();
  const isFitting = columnsOf(parts.map(({ text }) => text).join('  ')) <= columns;
  if (isFitting || !process.stdout.isTTY) {
    yield `${parts.map(({ text, paint }) => paint(text)).join('  ')}\n`;
    return;
  }
  for (const [index, { text, paint }] of parts.entries()) {
    const indent = index === 0 ? '' : '  ';
    for (const line of wrap(text, columns - indent.length)) yield `${indent}${paint(line)}\n`;
  }
}

/** The headline of a rollout: its title, and its outcome or phase. */
export function formatRolloutHeadline(rollout: Rollout, colours: Colours): string {
  return formatHeadline({
    subject: rolloutTitle(rollout),
    aside: rollbackWords(rollout),
    ending: rolloutStanding(rollout),
    paint: { subject: colours.bold, ending: standingColour(rollout, colours) },
  });
}

function standingColour({ outcome, verdict }: Rollout, colours: Colours): Paint {
  if (outcome === 'succeeded') return colours.green;
  return verdict?.result === 'failed' ? colours.red : colours.yellow;
}
