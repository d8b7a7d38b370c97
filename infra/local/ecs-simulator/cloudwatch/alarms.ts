import { formatInstant, type Instant, secondsAfter } from '../../../../state-machines/identifiers';
import type { Cancel, Clock } from '../../clock';
import { type Alarm, type AlarmRule, type AlarmState, type AlarmStateValue, evaluate } from './alarm';
import type { Metrics } from './metrics';

/** Told of each change of an alarm's state, after it. */
export type AlarmListener = (alarm: Alarm, previous: AlarmState) => void;

interface Watched {
  alarm: Alarm;
  readonly cancel: Cancel;
}

/** Every metric alarm, evaluated once in each of its periods. */
export class Alarms {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #beforeEvaluation: (alarm: Alarm) => void;
  readonly #listeners: AlarmListener[] = [];
  readonly #watched = new Map<string, Watched>();

  /** `beforeEvaluation` may put what the alarm's metric is at that moment. */
  constructor(parts: { clock: Clock; metrics: Metrics; beforeEvaluation: (alarm: Alarm) => void }) {
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
  stateOf(name: string): AlarmStateValue | null {
    return this.#watched.get(name)?.alarm.state.value ?? null;
  }

  /** How long it takes at least from a breach to the alarm; 0 for an alarm that there is not. */
  secondsToRaise(name: string): number {
    const rule = this.#watched.get(name)?.alarm.rule;
    return rule === undefined ? 0 : rule.periodSeconds * rule.evaluationPeriods;
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
  }

  /** Sets a state until the next evaluation; false for an alarm that there is not. */
  setState(name: string, state: Omit<AlarmState, 'at'>): boolean {
    const watched = this.#watched.get(name);
    if (watched === undefined) return false;
    this.#change(watched, state);
    return true;
  }

  #watch(alarm: Alarm): void {
    const at = secondsAfter(this.#clock.now(), alarm.rule.periodSeconds);
    const cancel = this.#clock.schedule(at, () => this.#evaluate(alarm.name));
    this.#watched.set(alarm.name, { alarm, cancel });
  }

  #evaluate(name: string): void {
    const watched = this.#watched.get(name);
    if (watched === undefined) return;
    const { rule } = watched.alarm;
    this.#beforeEvaluation(watched.alarm);
    // An alarm whose metric never had data keeps what it was set to: else a set state would not last for a period.
    if (this.#metrics.has(rule.metric)) this.#judge(watched, this.#valuesOf(rule));
    this.#watch(watched.alarm);
  }

  #valuesOf({ metric, statistic, periodSeconds, evaluationPeriods }: AlarmRule): (number | null)[] {
    const end = this.#clock.now();
    return Array.from({ length: evaluationPeriods }, (_, index) => {
      const until = end - (evaluationPeriods - 1 - index) * periodSeconds * 1000;
      return this.#metrics.statistic(metric, { from: until - periodSeconds * 1000, until, statistic });
    });
  }

  #judge(watched: Watched, values: readonly (number | null)[]): void {
    const { rule, state } = watched.alarm;
    const value = evaluate(rule, values);
    if (value === null || value === state.value) return;
    this.#change(watched, { value, ...explain(rule, { value, values, now: this.#clock.now() }) });
  }

  #change(watched: Watched, state: Omit<AlarmState, 'at'>): void {
    const previous = watched.alarm.state;
    watched.alarm = { ...watched.alarm, state: { ...state, at: this.#clock.now() } };
    if (state.value === previous.value) return;
    for (const listener of this.#listeners) listener(watched.alarm, previous);
  }
}

function explain(
  rule: AlarmRule,
  { value, values, now }: { value: AlarmStateValue; values: readonly (number | null)[]; now: Instant },
): { reason: string; reasonData: string } {
  const known = values.filter((one) => one !== null);
  const sign = value === 'ALARM' ? 'was' : 'was not';
  const reason =
    value === 'INSUFFICIENT_DATA'
      ? `Insufficient Data: ${values.length} datapoints were unknown.`
      : `Threshold Crossed: ${known.length} out of the last ${values.length} datapoints [${known.join(', ')}] ${sign} ${wordsOf(rule.comparison)} the threshold (${rule.threshold}).`;
  const date = formatInstant(now).replace('Z', '+0000');
  const { periodSeconds: period, threshold, statistic } = rule;
  const reasonData = {
    version: '1.0',
    queryDate: date,
    statistic,
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
