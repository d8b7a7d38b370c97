import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Session, SessionLog } from '../session/session';
import { CommandError, exitCode } from '../terminal/exit-code';
import { goBack } from './rollback-execution';
import { candidateWished, planRollback, viewForRollback } from './rollback-plan';

interface NamedRollback {
  readonly service: ServiceArn;
  readonly to: string;
  readonly reason: string;
}

/** `rewind rollback SERVICE --to … --reason … --yes`, which says nothing. Throws CommandError. */
export async function rollbackUnasked(
  session: Session & { readonly log: SessionLog },
  { service, to, reason }: NamedRollback,
): Promise<void> {
  const wish = { to, count: 10, pin: true };
  const view = await viewForRollback(session, service, wish);
  const candidate = candidateWished(view, wish);
  if (candidate === null) throw new CommandError(`${to} names no revision`, exitCode.usage);
  const plan = planRollback(view, candidate, wish);
  await goBack(session, plan, { action: 'rollback', reason, isLeftAsBad: false });
}
