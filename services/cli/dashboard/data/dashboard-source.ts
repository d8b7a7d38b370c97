import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import type { EventLog, HistoryLog } from '../../../event-log/event-log';
import { chosenServices } from '../../session/chosen-services';
import type { Session, SessionLog } from '../../session/session';
import { askAws } from '../../terminal/aws-options';
import type { SourceName } from './dashboard-data';

/** Where the dashboard reads. What AWS does not answer is a CommandError. */
export interface DashboardSource {
  readonly name: SourceName;
  readonly events: EventLog & HistoryLog;
  /** Null for a file: there is no AWS to ask. */
  readonly session: (Session & { readonly log: SessionLog }) | null;
  /** Every service that the log knows. */
  services(): Promise<readonly ServiceArn[]>;
  /** Those with a rollout under way, from the index of live services; none for a file. */
  liveServices(): Promise<readonly ServiceArn[]>;
  now(): Instant;
}

/** Everything that will ever be due is due by then. */
const always = instantFrom(8_640_000_000_000_000);

/** The table of the log, read with the operator's own credentials. */
export function tableSource(
  session: Session & { readonly log: SessionLog },
  now: () => Instant,
): DashboardSource {
  const { table, events } = session.log;
  return {
    name: { kind: 'table', name: table },
    events,
    session,
    services: () => chosenServices(session, []),
    liveServices: () =>
      askAws(`the table ${table}`, async () => {
        const live: ServiceArn[] = [];
        for await (const service of events.servicesToWake(always)) live.push(service);
        return live;
      }),
    now,
  };
}
