import colours from 'picocolors';
import { guard } from '../../guard/guard';
import { counted } from '../../sentences/quantities';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import { printText } from '../terminal/streams/standard-output';
import { printPlan } from './guard-plan';
import type { GuardOptions, GuardSession } from './guard-session';
import { formatResults, type ResultRow } from './guard-text';
import { PlanTally } from './plan-tally';

/** `rewind guard apply`: shows the plan, asks, changes what differs, and returns the exit code. */
export async function runGuardApply(session: GuardSession, options: GuardOptions): Promise<ExitCode> {
  const parts = session.actingParts();
  refuseToAskNobody(options);
  const tally = new PlanTally();
  await printPlan(session, tally);
  const { toChange, others } = tally;
  const question = `Change ECS's own protection of ${counted(toChange.length, 'service')}? No deployment starts.`;
  if (toChange.length > 0 && !(await confirmChange(question, options))) return exitCode.changesPending;
  if (toChange.length + others.length > 0) await printText(['\n']);
  const rows: ResultRow[] = [...others];
  for await (const guarded of guard(parts, toChange)) {
    rows.push(guarded);
    session.progress.show(rows.length);
  }
  session.progress.clear();
  await printText(formatResults(rows, colours));
  return session.codeAfter(resultExitCode(rows));
}

/** 69 where something failed, 2 where something is left to do. */
export function resultExitCode(rows: readonly ResultRow[]): ExitCode {
  const outcomes = new Set(rows.map(({ outcome }) => outcome));
  if (outcomes.has('failed')) return exitCode.unavailable;
  return outcomes.has('busy') || outcomes.has('refused') ? exitCode.changesPending : exitCode.done;
}
