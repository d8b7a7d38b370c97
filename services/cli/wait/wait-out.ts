import { partsOfService } from '../../../state-machines/log/identifiers';
import { waitingSystemClock } from '../../runtime/clock';
import { failureLogs } from '../session/rollouts/failure-logs';
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
  options: WaitLimits & { readonly format: Format; readonly logs?: number },
): Promise<ExitCode> {
  const leave = () => {
    const { path } = partsOfService(anchor.service);
    say(`the rollout goes on; wait on with rewind wait ${path} --deployment ${anchor.deployment}`);
    process.exit(exitCode.interrupted);
  };
  process.once('SIGINT', leave);
  try {
    const ended = await waitFor(anchor, { session, options, clock: waitingSystemClock });
    const { record } = ended;
    const failed = record === null ? null : { ...record, service: anchor.service };
    const isAsked = options.logs !== undefined && failed !== null;
    const logs = isAsked ? await failureLogs(session.clients, failed, options.logs) : [];
    return await endWait(anchor, ended, { format: options.format, logs });
  } finally {
    process.off('SIGINT', leave);
  }
}
