import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { FailureLog } from '../session/rollouts/failure-logs';
import type { ExitCode } from '../terminal/exit-code';
import type { WaitAnchor } from './wait-anchor';
import type { EndedWait } from './wait-loop';

/** How a wait ended, for people, for machines, and for the pipeline that it runs in. */
export interface WaitEnding {
  readonly result: EndedWait['result'];
  readonly exitCode: ExitCode;
  readonly sentence: string;
  readonly record: RolloutRecord | null;
  readonly anchor: WaitAnchor;
  /** Empty where nobody asked for them. */
  readonly logs: readonly FailureLog[];
}
