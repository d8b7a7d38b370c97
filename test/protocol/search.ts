import { type Move, ReconcilerMoves } from './moves';
import { movesOfOthers } from './others';
import { brokenIn } from './promises';
import type { Glasses } from './reconciler-steps';
import { Stances } from './stances';
import { type Clock, type ProtocolState, StateSpace } from './state';
import { crashingRollout } from './toy-ecs';
import { VisitedStates } from './visited-states';
import { WaysToTheEnd } from './ways-to-the-end';

interface Search {
  readonly reconcilers: number;
  /** How often ECS or a person changes what becomes of the judged deployment, beside Rewind. */
  readonly interferences: number;
  readonly clock: Clock;
  /** Puts a fault back: how a look shows ECS. As it is, if left out. */
  readonly glasses?: Glasses;
  /** With the last state, if left out. */
  readonly isOver?: 'at the first counterexample';
  readonly progress?: (found: { readonly depth: number; readonly states: number }) => void;
}

interface SearchResult {
  readonly states: number;
  /** The longest of the shortest ways to a state. */
  readonly depth: number;
  /** Each broken promise, with the shortest way to break it. */
  readonly broken: { readonly [promise: string]: readonly string[] };
  /** A way to a state from which the rollout can never be over; null where there is none. */
  readonly stuck: readonly string[] | null;
}

/**
 * Visits every state of the protocol that something has led to which others see, breadth first.
 * Then looks for a state from which there is no way to the end.
 */
export function searchProtocol(search: Search): SearchResult {
  const space = new StateSpace();
  const stances = new Stances(space, new ReconcilerMoves(space, search.glasses ?? ((observed) => observed)));
  const visited = new VisitedStates();
  const ways = new WaysToTheEnd(space);
  const broken: { [promise: string]: readonly string[] } = {};
  const movesFrom = (state: ProtocolState) => allMoves({ space, stances }, state);
  let depth = 0;
  let edge = [visited.start(space, initialState(space, search))];
  while (edge.length > 0) {
    for (const { state, number } of edge) {
      ways.add(state, number);
      for (const promise of brokenIn(state)) broken[promise] ??= visited.pathTo(number);
    }
    const hasEnough = search.isOver === 'at the first counterexample' && Object.keys(broken).length > 0;
    if (hasEnough) return { states: visited.count, depth, broken, stuck: null };
    edge = edge.flatMap((from) =>
      [...movesFrom(from.state)].flatMap((move) => visited.follow(space, from, move) ?? []),
    );
    if (edge.length > 0) depth += 1;
    search.progress?.({ depth, states: visited.count });
  }
  const stuckAt = ways.stuckAt(movesFrom);
  return { states: visited.count, depth, broken, stuck: stuckAt === null ? null : visited.pathTo(stuckAt) };
}

interface Moving {
  readonly space: StateSpace;
  readonly stances: Stances;
}

function* allMoves({ space, stances }: Moving, state: ProtocolState): Iterable<Move> {
  for (const move of movesOfOthers(space, state)) yield* stances.around(state, move, null);
  for (const index of state.processes.keys()) {
    for (const move of stances.changesBy(state, index)) yield* stances.around(state, move, index);
  }
}

function initialState(space: StateSpace, { reconcilers, interferences, clock }: Search): ProtocolState {
  return {
    log: space.logs.intern([]),
    ecs: space.ecs.intern(crashingRollout),
    untold: space.untold.intern([]),
    processes: Array.from({ length: reconcilers }, () => null),
    tick: 0,
    clock,
    hasPersonActed: false,
    interferencesLeft: interferences,
  };
}
