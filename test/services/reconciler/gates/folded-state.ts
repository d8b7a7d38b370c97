import { defaultPolicy } from '../../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import type { ServiceState } from '../../../../state-machines/service/service-state';
import { type RewindAtWork, service } from '../worlds/rewind-at-work';

/** What the log of the service folds to now. */
export async function foldedState(rewind: RewindAtWork): Promise<ServiceState> {
  return foldOn(emptyFold(service), inOrder(await rewind.events()), defaultPolicy).state;
}
