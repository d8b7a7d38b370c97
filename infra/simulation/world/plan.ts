import { SeededRandom } from '../../ecs-simulator/src/ecs-simulator';
import { drawnItems } from './drawn-items';
import type { PlanItem } from './plan-items';
import { type Settings, swarmSettings } from './settings';

/** All that a run does: it follows from the seed, less what a shrunk run leaves out. */
export interface Plan {
  readonly seed: number;
  readonly settings: Settings;
  /** In order of time. An item keeps its number when others are left out. */
  readonly items: readonly NumberedItem[];
}

export type NumberedItem = PlanItem & { readonly number: number };

/** Pure. `without` are the numbers of items to leave out. */
export function planOf(seed: number, without: ReadonlySet<number> = new Set()): Plan {
  const random = new SeededRandom(seed);
  const settings = swarmSettings(random);
  const items = drawnItems(random, settings)
    .map((item, number) => ({ ...item, number }))
    .filter(({ number }) => !without.has(number));
  return { seed, settings, items };
}
