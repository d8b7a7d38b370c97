import type { Place } from '../lambda/function-run';

/** How the tasks of a revision behave; `again` and `first` are revisions that stand already. */
export type Release = 'healthy' | 'crashing' | 'crashingLate' | 'flaky' | 'unpullable' | 'again' | 'first';
export type Breaker = 'none' | 'rollsBack' | 'onlyFails';

/** What somebody does. */
export type Act =
  | { readonly act: 'deploy'; readonly release: Release; readonly breaker: Breaker }
  /** A healthy revision, directly before one of Rewind's calls after its next failed verdict. */
  | { readonly act: 'hotfix'; readonly beforeCall: number }
  | { readonly act: 'scale'; readonly desiredCount: number }
  | { readonly act: 'stopDeployment' }
  | { readonly act: 'deregisterFirst' }
  | { readonly act: 'setAlarm'; readonly state: 'ALARM' | 'OK' }
  | { readonly act: 'throwSwitch'; readonly isThrown: boolean }
  | { readonly act: 'redrive' };

/** What goes wrong; a rate is how likely it befalls each one. */
export type Trouble =
  | { readonly trouble: 'outage'; readonly place: Place }
  /** A call fails, before or after it took effect. */
  | { readonly trouble: 'errors'; readonly rate: number }
  /** The process of a call ends there. */
  | { readonly trouble: 'deaths'; readonly rate: number }
  /** The process of a call stands still, for up to so many seconds. */
  | { readonly trouble: 'stalls'; readonly rate: number; readonly upTo: number }
  /** A process stands still before it writes into the log, for up to so many seconds. */
  | { readonly trouble: 'hesitations'; readonly rate: number; readonly upTo: number }
  /** A notification never arrives. */
  | { readonly trouble: 'losses'; readonly rate: number }
  /** A notification arrives up to so many seconds late. */
  | { readonly trouble: 'lateness'; readonly rate: number; readonly upTo: number }
  /** A notification arrives a second time, up to so many seconds later. */
  | { readonly trouble: 'copies'; readonly rate: number; readonly upTo: number }
  /** A second invocation of a function runs beside the first. */
  | { readonly trouble: 'twins'; readonly rate: number };

/** In seconds from the start of the run. */
type ActItem = Act & { readonly at: number };
export type TroubleItem = Trouble & { readonly at: number; readonly lastsSeconds: number };
export type PlanItem = ActItem | TroubleItem;

export function isTrouble(item: PlanItem): item is TroubleItem {
  return 'trouble' in item;
}
