import type { Cancel, SimulationClock } from '../foundation/clock';
import { type ClockTime, isoTime, laterBy } from '../foundation/clock';
import { type Alarm, type AlarmRule, type AlarmState, type AlarmStateValue, evaluate } from './alarm';
import type { Metrics } from './metrics';

/** Told of each change of an alarm's state, after it. */
type AlarmListener = (alarm: Alarm, previous: AlarmState) => void;

interface AlarmWatch {
  alarm: Alarm;
  /** Of its next evaluation; a composite alarm has none, it follows the others. */
  cancel: Cancel;
}

/**
 * Every alarm: metric alarms are evaluated once in each of their periods, composite ones when
 * another has changed.
 */
export class AccountAlarms {
  readonly #clock: SimulationClock;
  readonly #metrics: Metrics;
  readonly #beforeEvaluation: (alarm: Alarm) => void;
  readonly #listeners: AlarmListener[] = [];
  readonly #watched = new Map<string, AlarmWatch>();
  /** Names of composite alarms. */
  readonly #composites = new Set<string>();
  #isFollowing = false;

  /** `beforeEvaluation` may put what the alarm's metrics are at that moment. */
  constructor(parts: { clock: SimulationClock; metrics: Metrics; beforeEvaluation: (alarm: Alarm) => void }) {
    this.#clock = parts.clock;
    this.#metrics = parts.metrics;
    this.#beforeEvaluation = parts.beforeEvaluation;
  }

  subscribe(listener: AlarmListener): void {
    this.#listeners.push(listener);
  }

  list(): readonly Alarm[] {
    return [...this.#watched.values()].map(({ alarm }) => alarm);
  }

  /** Null for an alarm that there is not. */
  find(name: string): Alarm | null {
    return this.#watched.get(name)?.alarm ?? null;
  }

  /** Null for an alarm that there is not. */
  stateOf(name: string): AlarmStateValue | null {
    return this.find(name)?.state.value ?? null;
  }

  /**
   * How long it takes at least from a breach to the alarm; 0 for a composite one, and for one that
   * there is not.
   */
  secondsToRaise(name: string): number {
    const condition = this.find(name)?.condition;
    return condition?.kind === 'metric' ? condition.rule.periodSeconds * condition.rule.evaluationPeriods : 0;
  }

  /** Creates an alarm, INSUFFICIENT_DATA, or changes one, which keeps its state. */
  put(alarm: Omit<Alarm, 'state' | 'configuredAt'>): void {
    const now = this.#clock.now();
    const existing = this.#watched.get(alarm.name);
    existing?.cancel();
    const state = existing?.alarm.state ?? {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: null,
      at: now,
    };
    this.#watch({ ...alarm, state, configuredAt: now });
    this.#followOthers();
  }

  /** Sets a state until the next evaluation; false for an alarm that there is not. */
  setState(name: string, state: Omit<AlarmState, 'at'>): boolean {
    const watched = this.#watched.get(name);
    if (watched === undefined) return false;
    this.#change(watched, state);
    return true;
  }

  delete(name: string): void {
    this.#watched.get(name)?.cancel();
    this.#watched.delete(name);
    this.#composites.delete(name);
    this.#followOthers();
  }

  #watch(alarm: Alarm): void {
    if (alarm.condition.kind === 'composite') this.#composites.add(alarm.name);
    this.#watched.set(alarm.name, { alarm, cancel: this.#schedule(alarm) });
  }

  #schedule({ name, condition }: Alarm): Cancel {
    if (condition.kind === 'composite') return () => {};
    const at = laterBy(this.#clock.now(), condition.rule.periodSeconds);
    return this.#clock.schedule(at, () => this.#evaluate(name));
  }

  #evaluate(name: string): void {
    const watched = this.#watched.get(name);
    if (watched?.alarm.condition.kind !== 'metric') return;
    const { rule } = watched.alarm.condition;
    this.#beforeEvaluation(watched.alarm);
    // An alarm whose metrics never had data keeps what it was set to: else a set state would not
    // last for a period.
    const hasData = rule.queries.some((query) => 'metric' in query && this.#metrics.has(query.metric));
    if (hasData) this.#judge(watched, rule);
    watched.cancel = this.#schedule(watched.alarm);
  }

  #judge(watched: AlarmWatch, rule: AlarmRule): void {
    const values = this.#valuesOf(rule);
    const value = evaluate(rule, values);
    if (value === null || value === watched.alarm.state.value) return;
    this.#change(watched, { value, ...explain(rule, { value, values, now: this.#clock.now() }) });
  }

  /** What is held against the threshold: one value a period, the oldest first. */
  #valuesOf(rule: AlarmRule): (number | null)[] {
    const { periodSeconds, evaluationPeriods } = rule;
    const end = this.#clock.now();
    return Array.from({ length: evaluationPeriods }, (_, index) => {
      const until = end - (evaluationPeriods - 1 - index) * periodSeconds * 1000;
      return this.#valueOf(rule, { from: until - periodSeconds * 1000, until });
    });
  }

  #valueOf({ queries, returned }: AlarmRule, period: { from: number; until: number }): number | null {
    const values = new Map<string, number | null>();
    for (const query of queries) {
      const value =
        'metric' in query
          ? this.#metrics.statistic(query.metric, { ...period, statistic: query.statistic })
          : query.math(values);
      values.set(query.id, value);
    }
    return values.get(returned) ?? null;
  }

  #change(watched: AlarmWatch, state: Omit<AlarmState, 'at'>): void {
    const previous = watched.alarm.state;
    watched.alarm = { ...watched.alarm, state: { ...state, at: this.#clock.now() } };
    if (state.value === previous.value) return;
    for (const listener of this.#listeners) listener(watched.alarm, previous);
    this.#followOthers();
  }

  /**
   * Composite alarms may follow each other; those in a circle need not come to rest, so that each
   * changes once a round.
   */
  #followOthers(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    for (const _ of this.#composites) for (const name of this.#composites) this.#follow(name);
    this.#isFollowing = false;
  }

  #follow(name: string): void {
    const watched = this.#watched.get(name);
    if (watched?.alarm.condition.kind !== 'composite') return;
    const { condition, state } = watched.alarm;
    const isRaised = condition.rule((name) => this.stateOf(name));
    const value = isRaised ? 'ALARM' : 'OK';
    if (value === state.value) return;
    this.#change(watched, {
      value,
      reason: `The alarm rule was evaluated to ${isRaised}.`,
      reasonData: null,
    });
  }
}

function explain(
  rule: AlarmRule,
  { value, values, now }: { value: AlarmStateValue; values: readonly (number | null)[]; now: ClockTime },
): { reason: string; reasonData: string } {
  const known = values.filter((one) => one !== null);
  const sign = value === 'ALARM' ? 'was' : 'was not';
  const reason =
    value === 'INSUFFICIENT_DATA'
      ? `Insufficient Data: ${values.length} datapoints were unknown.`
      : `Threshold Crossed: ${known.length} out of the last ${values.length} datapoints [${known.join(', ')}] ${sign} ${wordsOf(rule.comparison)} the threshold (${rule.threshold}).`;
  const date = isoTime(now).replace('Z', '+0000');
  const { periodSeconds: period, threshold, queries } = rule;
  const returned = queries.find(({ id }) => id === rule.returned);
  const reasonData = {
    version: '1.0',
    queryDate: date,
    ...(returned !== undefined && 'metric' in returned ? { statistic: returned.statistic } : {}),
    period,
    recentDatapoints: known,
    threshold,
  };
  return { reason, reasonData: JSON.stringify(reasonData) };
}

/** `GreaterThanThreshold` → `greater than`. */
function wordsOf(comparison: string): string {
  return comparison
    .replace(/(To)?Threshold$/, '$1')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}
