import { type EventPattern, matchesEventPattern } from './event-patterns';

interface WokenFunctionOptions {
  readonly name: string;
  readonly patterns: readonly EventPattern[];
  readonly invoke: (event: object) => Promise<unknown>;
  /** Hears of an event that was given up. */
  readonly onError: (error: unknown) => void;
}

/**
 * A function that EventBridge wakes without a queue between: Lambda invokes it once more, and once
 * more, where it fails. Here it does so at once, there after a minute and two.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class WokenFunction {
  readonly #options: WokenFunctionOptions;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(options: WokenFunctionOptions) {
    this.#options = options;
  }

  /** Wakes it for an event that one of its patterns matches; whether one does. */
  offer(event: object): boolean {
    const isMatch = this.#options.patterns.some((pattern) => matchesEventPattern(pattern, event));
    if (!isMatch) return false;
    const run = this.#invoke(event).finally(() => this.#inFlight.delete(run));
    this.#inFlight.add(run);
    return true;
  }

  /** Resolves when each event so far was handled or given up. */
  async drained(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  async #invoke(event: object): Promise<void> {
    const { invoke, onError } = this.#options;
    for (let triesLeft = triesAtMost - 1; ; triesLeft -= 1) {
      try {
        await invoke(event);
        return;
      } catch (error) {
        if (triesLeft > 0) continue;
        onError(error);
        return;
      }
    }
  }

  get name(): string {
    return this.#options.name;
  }
}

const triesAtMost = 3;
