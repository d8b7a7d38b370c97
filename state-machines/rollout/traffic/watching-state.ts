import type { HookChanged } from '../../log/observed-events';
import type { Move } from '../deployment-machine';
import type { LiveRollout } from '../live-rollout';
import type { RolloutSignal } from '../signals';
import type { TrafficProgress, WatchingState } from './traffic';

/** The phase as the machine calls it, which knows more of watching. */
export function machineStateOf({ phase, context: { watchingState } }: LiveRollout) {
  return phase === 'watching' ? { watching: watchingState } : phase;
}

/** Where a hook, or what ECS showed, moves a watched rollout: the machine goes forward only. */
export function movesInWatching({ phase, context }: LiveRollout, signal: RolloutSignal): readonly Move[] {
  const { at, id: eventId } = signal;
  const state = stateBy(context, signal);
  if (phase !== 'watching' || state === context.watchingState || state === 'starting') return [];
  return [{ type: moveInto[state], at, eventId }];
}

const moveInto = {
  testing: 'TestTrafficShifted',
  shifting: 'TrafficShifting',
  keeping: 'TrafficShifted',
} as const satisfies { readonly [state in Exclude<WatchingState, 'starting'>]: Move['type'] };

function stateBy({ traffic }: LiveRollout['context'], signal: RolloutSignal): WatchingState {
  if (signal.type === 'HookChanged') return stateOfHook(signal.event);
  return signal.type === 'StageObserved' && traffic !== null ? stateAt(traffic) : 'starting';
}

/** The state of watching that what ECS showed stands for; null where it stands for none. */
function stateAt({ stage, production, test }: TrafficProgress): WatchingState {
  if (production >= 100) return 'keeping';
  if (production > 0) return 'shifting';
  const byStage = stateIn(stage);
  return byStage === 'starting' && test > 0 ? 'testing' : byStage;
}

/** The state of watching in which ECS calls a hook. */
function stateOfHook({ lifecycleStage }: HookChanged): WatchingState {
  return stateIn(lifecycleStage ?? '');
}

function stateIn(stage: string): WatchingState {
  switch (stage) {
    case 'TEST_TRAFFIC_SHIFT':
    case 'POST_TEST_TRAFFIC_SHIFT':
      return 'testing';
    case 'PRE_PRODUCTION_TRAFFIC_SHIFT':
    case 'PRODUCTION_TRAFFIC_SHIFT':
      return 'shifting';
    case 'POST_PRODUCTION_TRAFFIC_SHIFT':
    case 'BAKE_TIME':
    case 'CLEAN_UP':
      return 'keeping';
    default:
      return 'starting';
  }
}
