import type { ClockTime } from '../foundation/clock';

/** One write that a client asked for. */
export interface Call {
  readonly operation: string;
  /** The access key of whoever asked. */
  readonly by: string;
  readonly at: ClockTime;
  /**
   * ARN of the service, task or task definition it was about; null when the call failed or names
   * none.
   */
  readonly resource: string | null;
  /**
   * Whether it changed anything: not so for a refused call, nor for an UpdateService to what the
   * service runs already.
   */
  readonly hadEffect: boolean;
  /** The error's name; null when the call succeeded. */
  readonly error: string | null;
}

/**
 * The writes the simulator was asked for, so that a test can say how many of them took effect.
 * Reads are not kept.
 */
export class CallLog {
  readonly #calls: Call[] = [];

  record(call: Call): void {
    this.#calls.push(call);
  }

  /** All of them in order, or those of one operation. */
  list(operation?: string): readonly Call[] {
    return operation === undefined
      ? [...this.#calls]
      : this.#calls.filter((call) => call.operation === operation);
  }

  /** Those of an operation that changed something. */
  effective(operation: string): readonly Call[] {
    return this.list(operation).filter((call) => call.hadEffect);
  }
}
