import { CommandError, exitCode } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';

/** Said before every question whether something else is to run. */
export const notCovered = 'not covered: databases, queues, feature flags';

/** How a command that writes is answered before it does. */
export interface Confirmation {
  readonly yes?: boolean;
}

/** Whether there is somebody at a terminal who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Throws CommandError where there is nobody to ask, before anything was looked at. */
export function refuseToAskNobody({ yes = false }: Confirmation): void {
  if (yes || process.stdin.isTTY) return;
  throw new CommandError('this is no terminal to ask on: say --yes to have it done', exitCode.usage);
}

/** Asks on the terminal, unless --yes has answered already; says so where nothing is to be done. */
export async function confirmChange(message: string, { yes = false }: Confirmation): Promise<boolean> {
  if (yes) return true;
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  const isAgreed = !isCancel(answer) && answer;
  if (!isAgreed) say('Nothing was changed.');
  return isAgreed;
}
