import type { WaitResult } from '../../../../state-machines/service/history/wait-answer';
import { type ExitCode, exitCode } from '../../terminal/exit-code';

/** What becomes of a rollout, as an exit code. */
export const resultCodes: { readonly [result in WaitResult | 'timedOut']: ExitCode } = {
  passed: exitCode.done,
  completed: exitCode.done,
  failedAndSafe: exitCode.faultFound,
  failedAndNotSafe: exitCode.needsSomebody,
  noVerdict: exitCode.noVerdict,
  superseded: exitCode.superseded,
  cannotTell: exitCode.cannotTell,
  timedOut: exitCode.timedOut,
};

const worstFirst: readonly ExitCode[] = [
  exitCode.needsSomebody,
  exitCode.faultFound,
  exitCode.noVerdict,
  exitCode.superseded,
  exitCode.cannotTell,
];

/** The one code for the ends of several rollouts. */
export function worstCode(results: readonly WaitResult[]): ExitCode {
  const codes = new Set(results.map((result) => resultCodes[result]));
  return worstFirst.find((code) => codes.has(code)) ?? exitCode.done;
}
