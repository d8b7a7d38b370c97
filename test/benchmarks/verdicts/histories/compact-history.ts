import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';

/** Which history of the corpus. */
export interface Cell {
  readonly kind: string;
  readonly size: number;
  readonly seed: number;
}

/** What is known of a history beside its notifications. Instants are milliseconds since 1970. */
export interface HistoryFacts extends Cell {
  readonly service: string;
  /** The judged rollout. */
  readonly deployment: string;
  readonly judgedAt: number;
  /** Deadlines have passed up to here. */
  readonly until: number;
  /** The first notification of what is the release's own fault; null if none came. */
  readonly firstSignAt: number | null;
  readonly alarms: readonly string[];
  /** When ECS's own protection would have failed the rollout; null for never. */
  readonly native: { readonly default: number | null; readonly strict: number | null };
  readonly setting: string;
}

/**
 * A history with only those notifications that say something of a rollout, and of these only the
 * fields that do.
 */
export interface CompactHistory extends HistoryFacts {
  /** Texts that rows name by their index. */
  readonly texts: readonly string[];
  /** Of each task: id, deployment, task definition, zone and host (-1 for none), created at. */
  readonly tasks: readonly (readonly [string, number, number, number, number, number])[];
  /**
   * Of each change of a task: its task, when, last status, version, started at (0 for never), and,
   * once it is to stop, why (-1 before).
   */
  readonly changes: readonly (readonly [number, number, number, number, number, number])[];
  /** The rest, as it was sent. */
  readonly others: readonly Notification[];
}

export function nameOfCell({ kind, size, seed }: Cell): string {
  return `${kind} × ${size}, seed ${seed}`;
}
