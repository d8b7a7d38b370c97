import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Claims } from '../../../state-machines/log/operator/operator-act';
import type { OperatorActionDetail } from '../../notifications/own/operator-action';
import { type WaitingClock, waitingSystemClock } from '../../runtime/clock';
import { askAws } from '../terminal/aws-options';
import { say } from '../terminal/streams/standard-error';
import type { Session } from './session';

export type ActToTell = Omit<OperatorActionDetail, 'service' | 'by' | 'claims'>;

/** As long as it may take from the bus to the log before an act goes on without. */
const arrivalSeconds = 10;
const eventsLookedAt = 100;

/**
 * Tells Rewind of an act before it is done: who, why, what; and waits until the log has it, so
 * that what follows is known to be theirs. Throws CommandError where the bus does not take it.
 */
export async function tellAct(session: Session, service: ServiceArn, act: ActToTell): Promise<void> {
  const claims = claimsIn(process.env);
  const by = await callerNamed(session);
  const { putOperatorAction } = await import('../../aws/operator/operator-bus');
  const detail = { ...act, service, by, ...(claims === null ? {} : { claims }) };
  const bus = await session.clients.eventBridge();
  const id = await askAws('the event bus', () => putOperatorAction(bus, detail));
  if (await hasArrived(session, { service, id, clock: waitingSystemClock })) return;
  say('it has not arrived in the log yet; the log takes it in its place when it does');
}

/**
 * The same where the act is more than what is told of it: without a bus to tell, or the right, it
 * is done all the same, and said.
 */
export async function tellActIfPossible(
  session: Session,
  service: ServiceArn,
  act: ActToTell,
): Promise<void> {
  try {
    await tellAct(session, service, act);
  } catch (error) {
    say(`who did this and why is not in the log: ${(error as Error).message}`);
  }
}

/** Who calls AWS, as its ARN; null, and told, where AWS does not say. */
export async function callerNamed({ clients }: Session): Promise<string | null> {
  const { callerIdentity } = await import('../../aws/operator/caller-identity');
  try {
    return (await callerIdentity(await clients.sts())).arn;
  } catch (error) {
    say(`AWS does not say who you are: ${(error as Error).message}`);
    return null;
  }
}

interface Arrival {
  readonly service: ServiceArn;
  readonly id: string;
  readonly clock: WaitingClock;
}

async function hasArrived({ log }: Session, { service, id, clock }: Arrival): Promise<boolean> {
  if (log === null) return false;
  for (const endsAt = clock.now() + arrivalSeconds * 1000; clock.now() < endsAt; await clock.wait(300)) {
    const newest = await askAws(`the table ${log.table}`, () => log.events.newest(service, eventsLookedAt));
    if (newest.some(({ event }) => event.id === id)) return true;
  }
  return false;
}

/** What a pipeline says of whoever started it: kept beside the caller, and verified by nobody. */
function claimsIn(environment: { readonly [name: string]: string | undefined }): Claims | null {
  const { GITHUB_ACTOR, GITHUB_RUN_ID, GITHUB_SERVER_URL, GITHUB_REPOSITORY } = environment;
  const { GITLAB_USER_LOGIN, CI_JOB_ID, CI_JOB_URL } = environment;
  const gitHubUrl =
    GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
      : undefined;
  const told = {
    actor: GITHUB_ACTOR ?? GITLAB_USER_LOGIN,
    run: GITHUB_RUN_ID ?? CI_JOB_ID,
    url: gitHubUrl ?? CI_JOB_URL,
  };
  const known = Object.entries(told).filter(([, value]) => value);
  return known.length === 0 ? null : Object.fromEntries(known);
}
