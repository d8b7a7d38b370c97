import { addedBadKinds } from './added-bad-kinds';
import { addedGoodKinds } from './added-good-kinds';
import { backgroundKinds } from './background-kinds';
import { crashKinds } from './crash-kinds';
import { dependencyKinds } from './dependency-kinds';
import { failingKinds } from './failing-kinds';
import type { Kind } from './kind';
import { platformKinds } from './platform-kinds';

/** Every kind of rollout of the corpus, the good ones first. A new one is added at the end. */
export const kinds: readonly Kind[] = [
  ...backgroundKinds,
  ...platformKinds,
  ...dependencyKinds,
  ...crashKinds,
  ...failingKinds,
  ...addedGoodKinds,
  ...addedBadKinds,
];
