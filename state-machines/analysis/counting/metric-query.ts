import { formatInstant, type Instant, secondsAfter } from '../../log/instant';
import { type VersionName, windowSeconds } from '../../log/measuring/measurement';

/** One version, whose counts are asked for. */
export interface MeasuredVersion extends VersionName {
  /** Its ARN; null where the service has none, or nothing tells which it is. */
  readonly targetGroup: string | null;
}

type Blank = (version: MeasuredVersion, until: Instant) => string;

/** What may stand between `{{` and `}}` in a query, and what it becomes. */
const blanks: Readonly<Record<string, Blank>> = {
  'arm.revision': ({ taskDefinition }) => taskDefinition.split(':').at(-1) ?? '',
  'arm.family': ({ taskDefinition }) => taskDefinition.split(':')[0] ?? '',
  'arm.taskDefinition': ({ taskDefinition }) => taskDefinition,
  'arm.deployment': ({ deployment }) => deployment ?? '',
  // As metrics know it: targetgroup/name/id.
  'arm.targetGroup': ({ targetGroup }) => targetGroup?.split(':').at(-1) ?? '',
  window: () => `${windowSeconds}s`,
  'window.from': (_version, until) => formatInstant(secondsAfter(until, -windowSeconds)),
  'window.until': (_version, until) => formatInstant(until),
};

export const blankNames: readonly string[] = Object.keys(blanks);

const blank = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What a query leaves blank that Rewind cannot fill in. */
export function unknownBlanksIn(query: string): string[] {
  return [...query.matchAll(blank)].flatMap(([, name = '']) => (Object.hasOwn(blanks, name) ? [] : name));
}

/** Whether a query asks each version for something else: else it could not tell them apart. */
export function tellsVersionsApart(query: string): boolean {
  return [...query.matchAll(blank)].some(([, name = '']) => name.startsWith('arm.'));
}

interface FilledBlanks {
  readonly version: MeasuredVersion;
  /** The window's end. */
  readonly until: Instant;
  /** How what is filled in is written; as it is if left out. */
  readonly written?: (text: string) => string;
}

/** The query of one version and window. Pure. */
export function filledIn(query: string, { version, until, written = String }: FilledBlanks): string {
  return query.replace(blank, (whole, name: string) => {
    const fill = Object.hasOwn(blanks, name) ? blanks[name] : undefined;
    return fill === undefined ? whole : written(fill(version, until));
  });
}
