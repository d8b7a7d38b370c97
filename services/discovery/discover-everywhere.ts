import type { Inventory } from '../aws/ecs/inventory';
import type { AccountRegion } from '../runtime/account-regions';
import { type DiscoveryCounts, type DiscoveryParts, discover } from './discover';

interface DiscoverEverywhereParts extends Omit<DiscoveryParts, 'inventory' | 'place'> {
  readonly inventories: readonly { readonly place: AccountRegion; readonly part: Inventory }[];
  readonly onDiscovered: (place: AccountRegion, counts: DiscoveryCounts) => void;
}

/** Some accounts or regions could not be looked at; the others were. */
class UndiscoveredError extends AggregateError {
  override readonly name = 'UndiscoveredError';
}

/**
 * Discovers in one account and region after the other. One that is out of reach does not stop the
 * others: UndiscoveredError is thrown at the end.
 */
export async function discoverEverywhere(parts: DiscoverEverywhereParts): Promise<void> {
  const errors: unknown[] = [];
  for (const { place, part: inventory } of parts.inventories) {
    try {
      parts.onDiscovered(place, await discover({ ...parts, inventory, place }));
    } catch (error) {
      const { message } = error as Error;
      errors.push(new Error(`${place.account} in ${place.region}: ${message}`, { cause: error }));
    }
  }
  if (errors.length > 0) {
    throw new UndiscoveredError(errors, errors.map((error) => (error as Error).message).join('; '));
  }
}
