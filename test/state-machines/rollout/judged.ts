import { noPast } from '../../../state-machines/log/foundation/service-past';
import type { EventId } from '../../../state-machines/log/identifiers';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { type LiveRollout, openRollout } from '../../../state-machines/rollout/live-rollout';
import { nothingRecorded } from '../../../state-machines/rollout/recorded-decisions';
import type { Phase } from '../../../state-machines/rollout/rollout';
import type { RolloutContext } from '../../../state-machines/rollout/rollout-context';
import { emptyLedger } from '../../../state-machines/rollout/task-ledger';
import { second, service } from '../story';
import { identity } from './signals';

/** A rollout at its start, of which nothing more is known. */
export const opening = {
  ...identity,
  service,
  rollbackOf: null,
  hasFailedBefore: false,
  isGoingBack: false,
  past: noPast,
  oldRunning: 0,
  strategy: null,
  startedBy: 'start' as EventId,
  policy: defaultPolicy,
  taskDefinition: null,
  raisedBeforeStart: [],
  doubtedAlarms: [],
  tasks: emptyLedger,
};
export const { context: opened }: LiveRollout = openRollout(opening);
export const dueAt = second(400);

export interface Judged extends Partial<Omit<RolloutContext, 'policy' | 'evidence'>> {
  readonly phase?: Phase;
  readonly policy?: Partial<Policy>;
  readonly evidence?: Partial<RolloutContext['evidence']>;
}

/** A rollout as it is judged: it bakes, tasks ran, and nothing spoke against it. */
export function judged({ phase = 'baking', policy, evidence, ...context }: Judged): LiveRollout {
  return {
    phase,
    recorded: nothingRecorded,
    context: {
      ...opened,
      dueAt,
      hasRunInBake: true,
      ...context,
      policy: { ...defaultPolicy, ...policy },
      evidence: { ...opened.evidence, ...evidence },
    },
  };
}
