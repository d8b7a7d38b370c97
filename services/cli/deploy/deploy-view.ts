import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Session, SessionLog } from '../session/session';
import {
  type LoggedService,
  readLoggedService,
  type ViewedService,
  viewService,
} from '../session/viewed-service';

/** A service to which somebody is about to deploy. */
export interface DeployView extends ViewedService, LoggedService {}

/** Looks at it. Throws CommandError where nothing can be deployed to it. */
export async function viewForDeploy(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
): Promise<DeployView> {
  const logged = await readLoggedService(session.log, service);
  return { ...logged, ...(await viewService(session, service, { candidates: [] })) };
}
