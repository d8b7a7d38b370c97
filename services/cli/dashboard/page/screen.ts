import type { Overview, ServiceEntry } from '../data/dashboard-data';
import type { DashboardClient } from './dashboard-client';
import type { LogClock } from './elements/log-clock';

/** What is open: it is shown once, and then kept up to date. */
export interface Screen {
  readonly main: HTMLElement;
  /** The list has changed. */
  look(): void;
  /** Something new is known of the service. */
  learn(): Promise<void>;
  /** The same place with other parameters; false where it has to be opened anew. */
  move(parameters: URLSearchParams): Promise<boolean>;
}

/** What every screen works with. */
export interface AppContext {
  readonly client: DashboardClient;
  readonly clock: LogClock;
  readonly overview: Overview;
  entries(): readonly ServiceEntry[];
  unread(): number;
  /** Looks again now, behind something that was done. */
  refresh(): Promise<void>;
}
