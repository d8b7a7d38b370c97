import { type Policy, policyVersion, wholePolicy } from '../log/policy';
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
  /** The version of the policy that holds in the fold where no opening is recorded. */
  #policyVersion = '';

  constructor(stream: RecordedStream) {
    this.#stream = stream;
    this.#fold = emptyFold(stream.service);
  }

  /** The fold of exactly these events. */
  foldTo(known: Known, policy: Policy): Fold {
    const whole = wholePolicy(policy);
    const nothing = emptyFold(this.#stream.service);
    const version = policyVersion(whole);
    const before = version === this.#policyVersion ? this.#fold : nothing;
    const from = startingPoint(before, this.#stream.firstChange(this.#known, known));
    const behind = this.#stream.knownBehind(known, from.position);
    this.#known = known;
    this.#policyVersion = version;
    this.#fold = contradicts(behind, from)
      ? foldOn(nothing, this.#stream.knownBehind(known, null), whole)
      : foldOn(from, behind, whole);
    return this.#fold;
  }
}
