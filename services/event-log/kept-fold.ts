import type { ServiceArn } from '../../state-machines/log/identifiers';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { emptyFold, type Fold } from '../../state-machines/service/fold';
import type { StoredSnapshot } from './event-log';

/** What a snapshot holds of a service: its fold, and how often in a row ECS could not be asked. */
export interface KeptFold {
  readonly fold: Fold;
  readonly retries: number;
}

/** The fold that a snapshot keeps; an empty one when there is none, or when it was made by another version of the reducer. */
export function keptFoldOf(snapshot: StoredSnapshot | null, service: ServiceArn): KeptFold {
  if (snapshot === null || snapshot.reducerVersion !== reducerVersion) {
    return { fold: emptyFold(service), retries: 0 };
  }
  return snapshot.fold as KeptFold;
}
