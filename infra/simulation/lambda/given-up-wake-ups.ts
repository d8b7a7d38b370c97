import type { ChangedKey, StreamRange, TableStream } from '../../../services/aws/table-stream';
import { formatInstant, instantFrom } from '../../../state-machines/log/instant';
import { type QueueMessage, SimulatedQueue } from './simulated-queue';
import type { StreamChange } from './simulated-stream';

type QueueOptions = ConstructorParameters<typeof SimulatedQueue>[0];

interface GivenUpWakeUpsOptions extends Pick<QueueOptions, 'time' | 'random' | 'batchSize'> {
  readonly invoke: (
    batch: readonly QueueMessage[],
    stream: TableStream,
  ) => ReturnType<QueueOptions['invoke']>;
}

const visibilitySeconds = 360;
const streamSeconds = 86_400;

/**
 * The queue of wake-ups that were given up, with the function that reads it; and the table's
 * stream, which forgets after a day, as that function reads it again.
 */
export class GivenUpWakeUps {
  readonly #options: GivenUpWakeUpsOptions;
  readonly #queue: SimulatedQueue;
  readonly #changes = new Map<string, StreamChange>();

  constructor(options: GivenUpWakeUpsOptions) {
    const { time, random, batchSize, invoke } = options;
    this.#options = options;
    this.#queue = new SimulatedQueue({
      time,
      random,
      batchSize,
      visibilitySeconds,
      invoke: (batch) => invoke(batch, { keysIn: async (range) => this.#keysIn(range) }),
      maxReceiveCount: Infinity,
      concurrency: 1,
      duplicates: 0,
      onAcknowledged: () => {},
    });
  }

  get isBusy(): boolean {
    return this.#queue.isBusy;
  }

  /** As Lambda: the message says only where in the stream the batch stands. */
  give(batch: readonly StreamChange[]): void {
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined) return;
    for (const change of batch) this.#changes.set(String(change.sequence), change);
    const DDBStreamBatchInfo = {
      streamArn: 'stream',
      shardId: 'shard',
      startSequenceNumber: String(first.sequence),
      endSequenceNumber: String(last.sequence),
      approximateArrivalOfFirstRecord: formatInstant(instantFrom(first.at)),
    };
    this.#queue.send(JSON.stringify({ DDBStreamBatchInfo }));
  }

  #keysIn({ startSequenceNumber: start, endSequenceNumber: end }: StreamRange): ChangedKey[] | 'trimmed' {
    const oldest = this.#options.time.now() - streamSeconds * 1000;
    const within = [...this.#changes.values()].filter(
      ({ sequence }) => sequence >= Number(start) && sequence <= Number(end),
    );
    if (within.some(({ at }) => at < oldest)) return 'trimmed';
    return within.map(({ service, position }) => ({ service, position }) as ChangedKey);
  }
}
