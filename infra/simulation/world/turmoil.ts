import { callSeconds } from '../../../state-machines/decisions/rollback-lease';
import type { SeededRandom } from '../../ecs-simulator/src/ecs-simulator';
import type { Effect, EffectFate, Place, Turmoil } from '../lambda/function-run';
import type { VirtualTime } from '../lambda/virtual-time';
import type { NumberedItem, Plan } from './plan';
import { isTrouble, type Trouble, type TroubleItem } from './plan-items';

type Kind = Trouble['trouble'];
type OfKind<Wanted extends Kind> = Extract<TroubleItem, { trouble: Wanted }>;

/** What an outage throws, after the SDK's own retries. */
class UnavailableError extends Error {
  override readonly name = 'ServiceUnavailable';
  readonly $metadata = {};
}

function timeOut(tookEffect: boolean): EffectFate['error'] {
  const error = new UnavailableError('no answer in time');
  return { error, tookEffect };
}

/** What goes wrong in a run, as its plan says, until `calm`. */
export class PlannedTurmoil implements Turmoil {
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #callSeconds: number;
  readonly #startedAt: number;
  #items: readonly TroubleItem[];

  constructor(
    { settings, items }: Plan,
    parts: { readonly time: VirtualTime; readonly random: SeededRandom },
  ) {
    this.#time = parts.time;
    this.#random = parts.random;
    this.#callSeconds = settings.callSeconds;
    this.#items = items.filter((item): item is TroubleItem & NumberedItem => isTrouble(item));
    this.#startedAt = parts.time.now();
  }

  /** From now on nothing goes wrong any more. */
  calm(): void {
    this.#items = [];
  }

  isOut(place: Place): boolean {
    return this.#items.some(
      (item) => item.trouble === 'outage' && item.place === place && this.#isActive(item),
    );
  }

  /** Draws whether a trouble of this kind strikes now; null when none does. */
  strike<Wanted extends Exclude<Kind, 'outage'>>(kind: Wanted): OfKind<Wanted> | null {
    for (const item of this.#items) {
      if (item.trouble !== kind || !('rate' in item) || !this.#isActive(item)) continue;
      if (this.#random.next() < item.rate) return item as OfKind<Wanted>;
    }
    return null;
  }

  fateOf(functionName: string, effect: Effect): EffectFate {
    const stall = this.#stallOf(effect);
    const seconds = stall === null ? 0 : this.#random.next() * stall.upTo;
    const isBefore = stall?.trouble === 'hesitations' || (stall !== null && this.#random.next() < 0.5);
    return {
      secondsBefore: this.#callSeconds * this.#random.next() + (isBefore ? seconds : 0),
      secondsAfter: this.#callSeconds * this.#random.next() + (isBefore ? 0 : seconds),
      // The SDK's clients give a call up.
      error: seconds > callSeconds ? timeOut(!isBefore) : this.#errorOf(functionName, effect),
      dies: this.strike('deaths') === null ? null : this.#random.next() < 0.5 ? 'before' : 'after',
    };
  }

  #stallOf({ operation }: Effect): OfKind<'stalls' | 'hesitations'> | null {
    return (operation === 'append' ? this.strike('hesitations') : null) ?? this.strike('stalls');
  }

  #errorOf(functionName: string, { place }: Effect): EffectFate['error'] {
    if (this.#items.length === 0) return null;
    const isOut = this.isOut(place) || this.#isFunctionOut(functionName);
    if (!isOut && this.strike('errors') === null) return null;
    const error = new UnavailableError(`${place} is out of order`);
    return { error, tookEffect: !isOut && this.#random.next() < 0.4 };
  }

  /** The sweep and the reconciler are one program. */
  #isFunctionOut(name: string): boolean {
    if (name === 'ingest' || name === 'announcer') return this.isOut(name);
    return (name === 'reconciler' || name === 'sweep') && this.isOut('reconciler');
  }

  #isActive({ at, lastsSeconds }: TroubleItem): boolean {
    const seconds = (this.#time.now() - this.#startedAt) / 1000;
    return seconds >= at && seconds < at + lastsSeconds;
  }
}
