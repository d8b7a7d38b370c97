import type { Colours } from '../../../../services/cli/terminal/colours';
import { printable } from '../../../../services/cli/terminal/streams/safe-text';
import { outputColumns, wrap } from '../../../../services/cli/terminal/text-layout';
import type { Instant } from '../../../../state-machines/log/instant';
import type { Moment, Tone, Who } from './moment';

const timeColumns = 7;
const whoColumns = 10;

export function formatTimelineHead(colours: Colours): string {
  return colours.dim(`${'time'.padStart(timeColumns - 2)}  ${'who'.padEnd(whoColumns)}what\n`);
}

/**
 * A moment of the timeline, its time counted from `origin`: ` 1:03 ECS 3 tasks of web:1 running`.
 */
export function formatMoment(
  { moment, count, origin }: { moment: Moment; count: number; origin: Instant },
  colours: Colours,
): string {
  const time = formatSince(origin, moment.at).padStart(timeColumns - 2);
  const who = colourOfWho(moment.who, colours)(moment.who.padEnd(whoColumns));
  const paint = colourOfTone(moment.tone, colours);
  const [first = '', ...rest] = wrap(
    printable(moment.tell(count)),
    outputColumns() - timeColumns - whoColumns,
  );
  const indent = ' '.repeat(timeColumns + whoColumns);
  const lines = [`${colours.dim(time)}  ${who}${paint(first)}`, ...rest.map((line) => indent + paint(line))];
  return `${lines.join('\n')}\n`;
}

/**
 * Minutes and seconds. CloudTrail gives whole seconds: a call may seem to come before what it
 * began.
 */
function formatSince(origin: Instant, instant: Instant): string {
  const seconds = Math.max(0, Math.round((instant - origin) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function colourOfWho(who: Who, colours: Colours) {
  if (who === 'operator') return colours.magenta;
  if (who === 'people') return colours.yellow;
  return who === 'ECS' ? colours.blue : colours.cyan;
}

function colourOfTone(tone: Tone, colours: Colours): (text: string) => string {
  if (tone === 'plain') return (text) => text;
  if (tone === 'detail') return colours.dim;
  return tone === 'good' ? colours.green : colours.red;
}
