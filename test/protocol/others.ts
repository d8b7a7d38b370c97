import type { RewindEvent } from '../../state-machines/log/events';
import { completed, failed, started } from '../state-machines/story';
import { changed, deploymentTold, type Move } from './moves';
import type { ProtocolState, StateSpace, Telling } from './state';
import { complete, deploy, goBack, primaryOf, secondOf, type ToyEcs, workedOn } from './toy-ecs';

/** The steps of everybody but Rewind: time, ECS, EventBridge and one person. */
export function* movesOfOthers(space: StateSpace, state: ProtocolState): Iterable<Move> {
  if (hasLease(state) && state.tick < state.clock.ticks) {
    yield { labels: ['time passes'], state: { ...state, tick: state.tick + 1 } };
  }
  for (const telling of state.untold.value) {
    const untold = space.untold.intern(state.untold.value.filter((other) => other !== telling));
    const log = space.appendAll(state.log, telling);
    yield {
      labels: [`EventBridge tells ${telling.map(({ id }) => id).join(', ')}`],
      state: { ...state, log, untold },
    };
  }
  yield* movesOfEcs(space, state);
  if (!state.hasPersonActed && state.interferencesLeft > 0) yield* movesOfPerson(space, state);
}

/** Nothing else depends on the time. */
function hasLease({ log }: ProtocolState): boolean {
  const has = (type: RewindEvent['type']) => log.value.some((event) => event.type === type);
  const isTold = has('RollbackIssued') || has('RollbackAdopted') || has('RollbackRejected');
  return has('RollbackRequested') && !isTold;
}

function* movesOfEcs(space: StateSpace, state: ProtocolState): Iterable<Move> {
  const ecs = state.ecs.value;
  const current = workedOn(ecs);
  if (current === undefined) return;
  const at = secondOf(ecs);
  const told = [completed(primaryOf(ecs), at)];
  // What becomes of somebody's newer revision is no matter of the judged rollout.
  if (primaryOf(ecs) === 3) return;
  const isJudged = current.status === 'IN_PROGRESS' && current.number === 2;
  const interfering = { ...state, interferencesLeft: state.interferencesLeft - (isJudged ? 1 : 0) };
  if (interfering.interferencesLeft < 0) return;
  yield {
    labels: [`ECS completes ${primaryOf(ecs)}`],
    state: changed(space, interfering, { ecs: complete(ecs), told }),
  };
  if (!isJudged) return;
  const goneBack = { ecs: goBack(ecs, 'ecs'), told: [failed(2, at), started(1, at, true)] };
  yield {
    labels: ['the circuit breaker of ECS goes back'],
    state: changed(space, interfering, goneBack),
  };
}

function* movesOfPerson(space: StateSpace, state: ProtocolState): Iterable<Move> {
  const ecs = state.ecs.value;
  const at = secondOf(ecs);
  const after = (next: ToyEcs, told: Telling) => ({
    ...changed(space, state, { ecs: next, told }),
    hasPersonActed: true,
    interferencesLeft: state.interferencesLeft - 1,
  });
  yield {
    labels: ['a person deploys revision 3'],
    state: after(deploy(ecs, { number: 3, revision: 3, at }), deploymentTold(ecs, 3, 3)),
  };
  yield {
    labels: ['a person deploys revision 1'],
    state: after(deploy(ecs, { number: 4, revision: 1, at }), deploymentTold(ecs, 4, 1)),
  };
  const back = goBack(ecs, 'request');
  if (back === ecs || workedOn(ecs)?.status !== 'IN_PROGRESS') return;
  yield {
    labels: ['a person stops the deployment'],
    state: after(back, [started(primaryOf(back), at, true)]),
  };
}
