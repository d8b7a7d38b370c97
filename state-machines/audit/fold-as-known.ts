import { type Policy, wholePolicy } from '../log/policy';
import { contradicts, emptyFold, type Fold, foldOn, startingPoint } from '../service/fold';
import { type Known, nothingKnown, type RecordedStream } from './recorded-stream';

/**
 * A fold that is brought from one state of knowledge to another, from the last quiet point before
 * where they differ.
 */
export class FoldAsKnown {
  readonly #stream: RecordedStream;
  #fold: Fold;
  #known = nothingKnown;

  constructor(stream: RecordedStream) {
    this.#stream = stream;
    this.#fold = emptyFold(stream.service);
  }

  /** The fold of exactly these events. */
  foldTo(known: Known, policy: Policy): Fold {
    const whole = wholePolicy(policy);
    const from = startingPoint(this.#fold, this.#stream.firstChange(this.#known, known));
    const behind = this.#stream.knownBehind(known, from.position);
    this.#known = known;
    this.#fold = contradicts(behind, from)
      ? foldOn(emptyFold(this.#stream.service), this.#stream.knownBehind(known, null), whole)
      : foldOn(from, behind, whole);
    return this.#fold;
  }
}
