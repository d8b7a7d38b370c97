import type { InvocationOutcome } from './function-run';
import type { VirtualTime } from './virtual-time';

/** A new item of the table, as its stream tells it. */
export interface StreamChange {
  readonly service: string;
  readonly position: string;
  readonly sequence: number;
  readonly at: number;
}

/** What a batch came to: null, or the sequence from which on it is to be delivered again. */
type StreamOutcome = InvocationOutcome<number | null>;

interface SimulatedStreamOptions {
  readonly time: VirtualTime;
  readonly invoke: (batch: readonly StreamChange[]) => Promise<StreamOutcome>;
  readonly isWanted: (position: string) => boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  /** Whether a batch that failed as a whole is halved. */
  readonly bisects: boolean;
  /** Takes what was given up. */
  readonly onGivenUp: (batch: readonly StreamChange[]) => void;
}

/**
 * Lambda's mapping from the table's stream: in order and one batch at a time for each service, with
 * the window, the retries, the halving and the giving up that serverless.yml declares.
 */
export class SimulatedStream {
  readonly #options: SimulatedStreamOptions;
  readonly #shards = new Map<string, StreamShard>();

  constructor(options: SimulatedStreamOptions) {
    this.#options = options;
  }

  put(change: StreamChange): void {
    if (!this.#options.isWanted(change.position)) return;
    const shard = this.#shards.get(change.service) ?? new StreamShard(this.#options);
    this.#shards.set(change.service, shard);
    shard.put(change);
  }

  get isBusy(): boolean {
    return [...this.#shards.values()].some((shard) => shard.isBusy);
  }
}

/** Between two tries Lambda waits, longer each time: it documents no figures. */
const retrySeconds = { first: 1, last: 60 };

class StreamShard {
  readonly #options: SimulatedStreamOptions;
  #waiting: StreamChange[] = [];
  #isRunning = false;

  constructor(options: SimulatedStreamOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#isRunning || this.#waiting.length > 0;
  }

  put(change: StreamChange): void {
    this.#waiting.push(change);
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { time, windowSeconds } = this.#options;
    time.after(windowSeconds, () => this.#next());
  }

  #next(): void {
    const batch = this.#waiting.splice(0, this.#options.batchSize);
    if (batch.length === 0) this.#isRunning = false;
    else this.#deliver(batch, 0, () => this.#next());
  }

  /** Delivers until the batch is done or given up, then goes on with `then`. */
  #deliver(batch: readonly StreamChange[], tries: number, then: () => void): void {
    const { time, maximumAgeSeconds, onGivenUp, invoke, retries } = this.#options;
    const [oldest] = batch;
    if (oldest === undefined) {
      then();
      return;
    }
    const isTooOld = time.now() - oldest.at > maximumAgeSeconds * 1000;
    if (tries > retries || isTooOld) {
      onGivenUp(batch);
      then();
      return;
    }
    const wait = tries === 0 ? 0 : Math.min(retrySeconds.last, retrySeconds.first * 2 ** (tries - 1));
    time.after(wait, () => {
      invoke(batch).then((outcome) => this.#goOn({ batch, tries, then }, outcome));
    });
  }

  #goOn({ batch, tries, then }: DeliveredBatch, outcome: StreamOutcome): void {
    if (outcome.kind === 'returned') {
      const failedFrom = outcome.value;
      const rest = failedFrom === null ? [] : batch.filter(({ sequence }) => sequence >= failedFrom);
      // A batch that got on is another one: its tries are counted anew.
      this.#deliver(rest, rest.length < batch.length ? 1 : tries + 1, then);
    } else if (this.#options.bisects && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      const second = () => this.#deliver(batch.slice(half), tries + 1, then);
      this.#deliver(batch.slice(0, half), tries + 1, second);
    } else this.#deliver(batch, tries + 1, then);
  }
}

interface DeliveredBatch {
  readonly batch: readonly StreamChange[];
  readonly tries: number;
  readonly then: () => void;
}
