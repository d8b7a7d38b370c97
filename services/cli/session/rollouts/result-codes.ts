import type { WaitResult } from '../../../../state-machines/service/history/wait-answer';
import { type ExitCode, exitCode } from '../../terminal/exit-code';

/** What becomes of a rollout, as an exit code. */
export const resultCodes: { readonly [result in WaitResult | 'timedOut']: ExitCode } = {
  passed: exitCode.done,
  completed: exitCode.done,
  atGate: exitCode.done,
  failedAndSafe: exitCode.faultFound,
  failedAndNotSafe: exitCode.needsSomebody,
  noVerdict: exitCode.noVerdict,
  superseded: exitCode.superseded,
  cannotTell: exitCode.cannotTell,
  timedOut: exitCode.timedOut,
};

/** Somebody is needed, failed, no verdict, superseded, unknown, still under way. */
const worstFirst: readonly ExitCode[] = [
  exitCode.needsSomebody,
  exitCode.faultFound,
  exitCode.noVerdict,
  exitCode.superseded,
  exitCode.cannotTell,
  exitCode.timedOut,
];

/** The one exit code for several ends: the worst; 0 where there is none. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  const other = codes.find((code) => code !== exitCode.done);
  return worstFirst.find((code) => codes.includes(code)) ?? other ?? exitCode.done;
}
