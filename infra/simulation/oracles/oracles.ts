import type { RunRecord } from '../world/run-record';
import type { Oracle } from './oracle';
import {
  everyFailureIsJudged,
  everyFailureIsTold,
  lossChangesNoVerdict,
  nothingIsLeftOpen,
  nothingIsRetriedInVain,
} from './progress';
import { auditConfirms, decidedOnce, liveIsReplay, nothingAcknowledgedIsLost } from './records';
import {
  heldBySwitch,
  neverANewerOne,
  neverARollback,
  neverToTheUnproven,
  observesOnly,
  onceARollout,
  whoCalledDidIt,
} from './rollbacks';

/** Every oracle, by what it holds. */
const oracles = {
  onceARollout,
  neverARollback,
  neverANewerOne,
  neverToTheUnproven,
  whoCalledDidIt,
  observesOnly,
  heldBySwitch,
  decidedOnce,
  liveIsReplay,
  auditConfirms,
  nothingAcknowledgedIsLost,
  nothingIsRetriedInVain,
  everyFailureIsTold,
  everyFailureIsJudged,
  nothingIsLeftOpen,
  lossChangesNoVerdict,
} as const satisfies Readonly<Record<string, Oracle>>;

/** `nothingThrows` is everybody's: a run that ends in an error of ours has found something. */
export type OracleName = keyof typeof oracles | 'nothingThrows';

/** What an oracle found. */
export interface Finding {
  readonly oracle: OracleName;
  readonly what: string;
}

export function findingsIn(record: RunRecord): readonly Finding[] {
  return (Object.keys(oracles) as (keyof typeof oracles)[]).flatMap((oracle) =>
    oracles[oracle](record).map((what) => ({ oracle, what })),
  );
}
