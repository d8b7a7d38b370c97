import { partsOfService } from '../../../state-machines/log/identifiers';
import { formatInstant } from '../../../state-machines/log/instant';
import type { FirstFailure } from '../../../state-machines/rollout/first-failures';
import { systemClock } from '../../runtime/clock';
import { localTime } from '../session/relative-time';
import { type FailureLog, failureLines } from '../session/rollouts/failure-logs';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import type { ServiceStatus } from '../status/service-status';
import { formatStatusTable, formatStatusTree } from '../status/status-text';
import type { Colours } from '../terminal/colours';
import type { Format } from '../terminal/format-option';
import { printable } from '../terminal/streams/safe-text';
import { say } from '../terminal/streams/standard-error';
import { printJson, printLine } from '../terminal/streams/standard-output';
import { linesFor } from '../terminal/text-layout';
import { LiveScreen } from './live-screen';
import type { WatchedChange } from './watched-services';

/** A change, and the failed tasks behind it that were not told before. */
export interface ToldChange extends WatchedChange {
  readonly failures: readonly FirstFailure[];
  readonly logs: readonly FailureLog[];
}

/** What one look has brought. */
interface Look {
  readonly statuses: readonly ServiceStatus[];
  readonly changes: readonly ToldChange[];
  /** Why AWS was not heard this time: what is shown is then what was known before. */
  readonly silence: string | null;
}

/** How whoever watches is shown it. */
export interface WatchView {
  show(look: Look): Promise<void>;
  /** Shows the same, at the time that it is by now. */
  refresh(): void;
  /** Leaves the last picture behind. Repeatable. */
  end(): void;
}

interface Picture {
  readonly isOne: boolean;
  readonly colours: Colours;
}

/** A picture on a terminal; a line for each change elsewhere, of text or of JSON. */
export function watchView(format: Format, picture: Picture): WatchView {
  if (format === 'json') return changesView(printJsonChange);
  return process.stdout.isTTY ? pictureView(picture) : changesView(printChange);
}

function pictureView({ isOne, colours }: Picture): WatchView {
  const screen = new LiveScreen(process.stdout);
  const news: string[] = [];
  let last: Look | null = null;
  const pictureOf = ({ statuses }: Look): string[] => {
    const now = systemClock();
    const [first] = statuses;
    const parts =
      isOne && first !== undefined
        ? formatStatusTree(first, { now, colours })
        : formatStatusTable(statuses, { now, colours });
    return [...parts].join('').trimEnd().split('\n');
  };
  const draw = (look: Look) => {
    const foot = colours.dim(`${localTime(systemClock())}  Ctrl-C ends the watching only`);
    const silence = look.silence === null ? [] : [colours.red(printable(look.silence))];
    screen.draw({ picture: pictureOf(look), news, foot: [...silence, foot] });
  };
  return {
    async show(look) {
      last = look;
      news.push(...look.changes.flatMap((change) => [...changeLines(change)]));
      news.splice(0, news.length - newsKept);
      draw(look);
    },
    refresh() {
      if (last !== null) draw(last);
    },
    end() {
      screen.close();
      if (last !== null) {
        const lines = [...pictureOf(last), ...(news.length === 0 ? [] : ['', ...news])];
        for (const line of lines) printLine(line);
      }
      last = null;
    },
  };
}

/** As many lines of what has happened as a large terminal shows. */
const newsKept = 100;

function changesView(print: (change: ToldChange) => Promise<void>): WatchView {
  let isSilent = false;
  return {
    async show({ changes, silence }) {
      for (const change of changes) await print(change);
      if (silence !== null && !isSilent) say(`${silence}; it is asked again`);
      isSilent = silence !== null;
    },
    refresh() {},
    end() {},
  };
}

/** A change on a line of its own, and below it the tasks that failed. */
function* changeLines({ status, sentence, failures, logs }: ToldChange): Generator<string> {
  const { path } = partsOfService(status.service);
  yield* linesFor(process.stdout, `${localTime(systemClock())}  ${path}  ${sentence}`);
  for (const line of failureLines(failures, logs)) yield* linesFor(process.stdout, `  ${line}`);
}

async function printChange(change: ToldChange): Promise<void> {
  for (const line of changeLines(change)) printLine(line);
}

async function printJsonChange({ status, record, sentence, logs }: ToldChange): Promise<void> {
  const document = {
    schema: 'rewind.watch/1',
    at: formatInstant(systemClock()),
    service: status.service,
    sentence,
    rollout: record === null ? null : rolloutDocumentOf(record),
    ...(logs.length === 0 ? {} : { logs }),
  };
  await printJson([`${JSON.stringify(document)}\n`]);
}
