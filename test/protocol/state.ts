import { storableKey } from '../../services/event-log/event-item';
import type { RewindEvent } from '../../state-machines/log/events';
import type { ObservedEvent } from '../../state-machines/log/observed-events';
import { comparePlaces } from '../../state-machines/log/position';
import { type Interned, Interner, Remembered } from './interned';
import { me, type Reconciling } from './reconciler-steps';
import type { ToyEcs } from './toy-ecs';

/** Everything that the next step of anybody depends on. */
export interface ProtocolState {
  /** What came into the log since the start of the search. */
  readonly log: Interned<readonly RewindEvent[]>;
  readonly ecs: Interned<ToyEcs>;
  /** What EventBridge has not delivered yet: what belongs together comes together. */
  readonly untold: Interned<readonly Telling[]>;
  /** Null: a reconciler that sleeps, or has died. */
  readonly processes: readonly (Interned<Reconciling> | null)[];
  readonly tick: number;
  readonly clock: Clock;
  readonly hasPersonActed: boolean;
  /** How often ECS or the person may yet change what becomes of the judged deployment. */
  readonly interferencesLeft: number;
}

/** The notifications of one change of ECS. */
export type Telling = readonly ObservedEvent[];

/**
 * How far time goes, and in which steps: past one lease (60 s) and into the next. A call of Rewind
 * is over within a tick.
 */
export interface Clock {
  readonly ticks: number;
  readonly tickSeconds: number;
}

/** The owner that stands in the log for a process that is gone. */
const nobody = 'gone';
const another = 'another';

/** What states are made of, each value once. */
export class StateSpace {
  readonly #events = new Interner<RewindEvent>();
  readonly logs = new Interner<readonly RewindEvent[]>((log) => this.#numbersOf(log));
  readonly ecs = new Interner<ToyEcs>();
  readonly untold = new Interner<readonly Telling[]>((tellings) => this.#numbersOf(tellings.flat()));
  readonly processes = new Interner<Reconciling>();
  readonly #changedLogs = new Remembered<ProtocolState['log']>();

  appendAll(log: ProtocolState['log'], events: readonly RewindEvent[]): ProtocolState['log'] {
    return events.reduce((before, event) => this.append(before, event), log);
  }

  /** The log with one more event; the same log where its place is taken. */
  append(log: ProtocolState['log'], event: RewindEvent): ProtocolState['log'] {
    const key = storableKey(event);
    if (log.value.some((other) => storableKey(other) === key)) return log;
    return this.logs.intern([...log.value, event].sort(comparePlaces));
  }

  /** The log as a process reads it: it knows itself from the others. */
  asReadBy(log: ProtocolState['log'], index: number): ProtocolState['log'] {
    return this.#withOwners(log, `read by ${index}`, (owner) => (owner === String(index) ? me : another));
  }

  /**
   * The state with its processes in a fixed order, and without the names of those that are gone:
   * states that differ in nothing else are one.
   */
  settled(state: ProtocolState): ProtocolState {
    const { log, processes } = state;
    const order = processes
      .map((_, index) => index)
      .sort((a, b) => this.#rank(state, a) - this.#rank(state, b));
    const renamed = new Map(
      order.flatMap((before, after) => (processes[before] == null ? [] : [[String(before), String(after)]])),
    );
    const key = `renamed ${order.map((before) => (processes[before] == null ? '-' : before)).join()}`;
    return {
      ...state,
      log: this.#withOwners(log, key, (owner) => renamed.get(owner) ?? nobody),
      processes: order.map((before) => processes[before] ?? null),
    };
  }

  /** Whether the log names the reconciler: its steps are told from another's. */
  ownsLease({ log }: ProtocolState, index: number): boolean {
    return log.value.some((event) => event.type === 'RollbackRequested' && event.owner === String(index));
  }

  keyOfState({
    log,
    ecs,
    untold,
    processes,
    tick,
    hasPersonActed,
    interferencesLeft,
  }: ProtocolState): string {
    const running = processes.map((process) => process?.id ?? '-').join();
    return `${log.id} ${ecs.id} ${untold.id} ${running} ${tick} ${hasPersonActed} ${interferencesLeft}`;
  }

  /** Those with a lease first, of equal ones. */
  #rank(state: ProtocolState, index: number): number {
    const process = state.processes[index];
    if (process == null) return -1;
    return 2 * process.id + (this.ownsLease(state, index) ? 0 : 1);
  }

  #numbersOf(events: readonly RewindEvent[]): string {
    return events.map((event) => this.#events.intern(event).id).join();
  }

  #withOwners(log: ProtocolState['log'], key: string, rename: (owner: string) => string) {
    return this.#changedLogs.recall(`${log.id} ${key}`, () =>
      this.logs.intern(
        log.value.map((event) =>
          event.type === 'RollbackRequested' ? { ...event, owner: rename(event.owner) } : event,
        ),
      ),
    );
  }
}
