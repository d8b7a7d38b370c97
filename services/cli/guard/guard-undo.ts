import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { restorationAfter } from '../../../state-machines/protection/restoration';
import { isSurveyed, survey } from '../../guard/survey';
import { undo as undoAll } from '../../guard/undo';
import { counted } from '../../sentences/quantities';
import { exitCode } from '../terminal/exit-code';
import { printable } from '../terminal/text-layout';
import { isAgreed, printEnd, refuseToAskNobody } from './guard-apply';
import type { GuardOptions, GuardSession } from './guard-session';
import { formatChange, heading, type ResultRow } from './guard-text';

/**
 * `rewind guard undo`: shows what each service goes back to, asks, does it, and ends with a table.
 */
export async function undo(session: GuardSession, options: GuardOptions): Promise<void> {
  const parts = session.actingParts();
  refuseToAskNobody(options);
  const touched: ServiceArn[] = [];
  const rows: ResultRow[] = [];
  let seen = 0;
  for await (const surveyed of survey(parts, session.services())) {
    seen += 1;
    session.progress.show(seen);
    if (!isSurveyed(surveyed)) {
      const { service, error } = surveyed;
      rows.push({ service, outcome: 'failed', changes: 0, because: `${error.name}: ${error.message}` });
      continue;
    }
    const restoration = restorationAfter(surveyed.last, surveyed.observed.configuration);
    if (restoration === null) continue;
    touched.push(surveyed.service);
    session.progress.clear();
    print(heading(surveyed.service, counted(restoration.changes.length, 'change')));
    for (const line of restoration.changes.flatMap(formatChange)) print(line);
    for (const name of restoration.alarms) print(`  - alarm ${printable(name)}`);
    print('');
  }
  session.progress.clear();
  const question = `Give ${counted(touched.length, 'service')} back what was there before Rewind? No deployment starts.`;
  if (touched.length > 0 && !(await isAgreed(question, options))) {
    process.stderr.write('Nothing was changed.\n');
    process.exitCode = exitCode.changesPending;
    return;
  }
  for await (const undone of undoAll(parts, touched)) rows.push(undone);
  printEnd(rows);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
