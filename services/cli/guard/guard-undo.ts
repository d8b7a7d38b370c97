import colours from 'picocolors';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Restoration, restorationAfter } from '../../../state-machines/protection/restoration';
import { isSurveyed, survey } from '../../guard/survey';
import { undo } from '../../guard/undo';
import { counted } from '../../sentences/quantities';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import { printText } from '../terminal/streams/standard-output';
import { resultExitCode } from './guard-apply';
import type { GuardOptions, GuardSession } from './guard-session';
import { formatRestoration, formatResults, type ResultRow } from './guard-text';
import { failureRow } from './plan-tally';

/**
 * `rewind guard undo`: shows what each service goes back to, asks, does it, returns the exit code.
 */
export async function runGuardUndo(session: GuardSession, options: GuardOptions): Promise<ExitCode> {
  const parts = session.actingParts();
  refuseToAskNobody(options);
  const changed: ServiceArn[] = [];
  const rows: ResultRow[] = [];
  for await (const { service, restoration } of restorations(session, rows)) {
    changed.push(service);
    await printText(formatRestoration(service, restoration, colours));
  }
  const question = `Give ${counted(changed.length, 'service')} back what was there before Rewind? No deployment starts.`;
  if (changed.length > 0 && !(await confirmChange(question, options))) return exitCode.changesPending;
  for await (const undone of undo(parts, changed)) rows.push(undone);
  await printText(formatResults(rows, colours));
  return session.codeAfter(resultExitCode(rows));
}

interface ServiceRestoration {
  readonly service: ServiceArn;
  readonly restoration: Restoration;
}

/** What every service that Rewind has changed goes back to; those it cannot look at become rows. */
async function* restorations(session: GuardSession, rows: ResultRow[]): AsyncGenerator<ServiceRestoration> {
  let seen = 0;
  for await (const surveyed of survey(session.parts, session.services())) {
    seen += 1;
    session.progress.show(seen);
    if (!isSurveyed(surveyed)) {
      rows.push(failureRow(surveyed));
      continue;
    }
    const restoration = restorationAfter(surveyed.last, surveyed.observed.configuration);
    if (restoration === null) continue;
    session.progress.clear();
    yield { service: surveyed.service, restoration };
  }
  session.progress.clear();
}
