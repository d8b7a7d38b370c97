import { guard } from '../../guard/guard';
import { counted } from '../../sentences/quantities';
import { CommandError, exitCode } from '../terminal/exit-code';
import { printPlan } from './guard-plan';
import type { GuardOptions, GuardSession } from './guard-session';
import { formatCounts, formatTable, type ResultRow } from './guard-text';

/**
 * `rewind guard apply`: shows the plan, asks, does it, and ends with a table of what became of each
 * service.
 */
export async function apply(session: GuardSession, options: GuardOptions): Promise<void> {
  const parts = session.actingParts();
  refuseToAskNobody(options);
  const { toChange, others } = await printPlan(session);
  const question = `Change ECS's own protection of ${counted(toChange.length, 'service')}? No deployment starts.`;
  const isWanted = toChange.length > 0 && (await isAgreed(question, options));
  if (toChange.length > 0 && !isWanted) {
    process.stderr.write('Nothing was changed.\n');
    process.exitCode = exitCode.changesPending;
    return;
  }
  if (toChange.length + others.length > 0) process.stdout.write('\n');
  const rows: ResultRow[] = [...others];
  for await (const guarded of guard(parts, toChange)) {
    rows.push(guarded);
    session.progress.show(rows.length);
  }
  session.progress.clear();
  printEnd(rows);
}

/** The table, and an exit code: 69 where something failed, 2 where something is left to do. */
export function printEnd(rows: readonly ResultRow[]): void {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  for (const line of formatTable(rows)) process.stdout.write(`${line}\n`);
  process.stdout.write(rows.length === 0 ? 'There was nothing to do.\n' : `${formatCounts(counts)}.\n`);
  const isLeft = counts.has('busy') || counts.has('refused');
  process.exitCode = counts.has('failed')
    ? exitCode.unavailable
    : isLeft
      ? exitCode.changesPending
      : exitCode.done;
}

/** Throws CommandError where there is nobody to ask, before anything was looked at. */
export function refuseToAskNobody({ yes = false }: GuardOptions): void {
  if (yes || process.stdin.isTTY) return;
  throw new CommandError('this is no terminal to ask on: say --yes to have it done', exitCode.usage);
}

/** Asks on the terminal, unless --yes has answered already. */
export async function isAgreed(message: string, { yes = false }: GuardOptions): Promise<boolean> {
  if (yes) return true;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
}
