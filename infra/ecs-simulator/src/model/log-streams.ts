import type { ClockTime } from '../foundation/clock';

/** Where a container's output goes in CloudWatch Logs. */
export interface LogDestination {
  readonly group: string;
  readonly streamPrefix: string;
}

interface LogLine {
  readonly at: ClockTime;
  readonly message: string;
}

/** What containers have written, as CloudWatch Logs keeps it. */
export class LogStreams {
  readonly #lines = new Map<string, LogLine[]>();

  write({ group, stream }: LogStream, line: LogLine): void {
    const name = nameOf(group, stream);
    const lines = this.#lines.get(name);
    if (lines === undefined) this.#lines.set(name, [line]);
    else lines.push(line);
  }

  /** Oldest first; null for a stream that nothing was ever written to. */
  linesOf({ group, stream }: LogStream): readonly LogLine[] | null {
    return this.#lines.get(nameOf(group, stream)) ?? null;
  }
}

interface LogStream {
  readonly group: string;
  readonly stream: string;
}

/** No name of a group or a stream holds a colon. */
function nameOf(group: string, stream: string): string {
  return `${group}:${stream}`;
}
