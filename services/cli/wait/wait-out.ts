import { partsOfService } from '../../../state-machines/log/identifiers';
import { waitingSystemClock } from '../../runtime/clock';
import type { Session } from '../session/session';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { say } from '../terminal/streams/standard-error';
import type { WaitAnchor } from './wait-anchor';
import { endWait } from './wait-end';
import { type WaitLimits, waitFor } from './wait-loop';

/**
 * Waits for a rollout, tells how it ended and answers with the exit code. Ctrl-C ends the waiting
 * only, and the process: the rollout goes on.
 */
export async function waitOut(
  session: Session,
  anchor: WaitAnchor,
  options: WaitLimits & { readonly format: Format },
): Promise<ExitCode> {
  const leave = () => {
    const { path } = partsOfService(anchor.service);
    say(`the rollout goes on; wait on with rewind wait ${path} --deployment ${anchor.deployment}`);
    process.exit(exitCode.interrupted);
  };
  process.once('SIGINT', leave);
  try {
    const ended = await waitFor(anchor, { session, options, clock: waitingSystemClock });
    return await endWait(anchor, ended, options.format);
  } finally {
    process.off('SIGINT', leave);
  }
}
