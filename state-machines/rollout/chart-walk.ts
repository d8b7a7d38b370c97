import { invariant } from '../log/invariant';
import { deploymentMachine } from './deployment-machine';
import type { Phase } from './rollout';
import type { Change, RolloutContext } from './rollout-context';
import type { RolloutSignal } from './signals';

/** Where a rollout is in the deployment machine: in which of its states, with what context. */
export interface Place {
  readonly phase: Phase;
  readonly context: RolloutContext;
}

/**
 * Where a signal moves a rollout to: what XState's own `transition` answers, in a small part of its
 * time, because the machine's chart is read once and not at every signal. Pure. Why, and what holds
 * the two to the same answers: docs/decisions/0006-the-chart-is-read-once.md.
 */
export function walk(from: Place, signal: RolloutSignal): Place {
  let place = follow(charts[from.phase].on[signal.type] ?? [], from, signal) ?? from;
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const next = follow(charts[place.phase].always, place, signal);
    if (next === null) return place;
    place = next;
  }
  invariant(false, `${signal.type} never lets the deployment machine come to rest`);
  return place;
}

/**
 * An endless circle of arrows would be a fault of the chart; a signal takes three steps at most.
 */
const mostSteps = 20;

/** Follows the first arrow that may be taken; null when there is none. */
function follow(arrows: readonly Arrow[], { phase, context }: Place, event: RolloutSignal): Place | null {
  let given = { context, event };
  for (const { isAllowed, actions, target } of arrows) {
    if (!isAllowed(given)) continue;
    for (const change of actions) given = { context: { ...given.context, ...change(given) }, event };
    return { phase: target ?? phase, context: given.context };
  }
  return null;
}

interface Arrow {
  readonly isAllowed: (given: Given) => boolean;
  readonly actions: readonly ((given: Given) => Change)[];
  /** Null: the phase stays. */
  readonly target: Phase | null;
}

interface Chart {
  readonly always: readonly Arrow[];
  readonly on: { readonly [signal: string]: readonly Arrow[] };
}

interface Given {
  readonly context: RolloutContext;
  readonly event: RolloutSignal;
}

/**
 * How the machine names a guard or an action: by its name alone, or with a function that picks its
 * parameters.
 */
type Named = string | { readonly type: string; readonly params?: (given: Given) => unknown };
type Guard = (given: Given, params: unknown) => boolean;
/** What XState's `assign` makes of the function it is given. */
interface Assign {
  readonly assignment: (given: Given, params: unknown) => Change;
}

interface Implementations {
  readonly guards: { readonly [name: string]: Guard };
  readonly actions: { readonly [name: string]: Assign };
}

const { guards, actions } = deploymentMachine.implementations as unknown as Implementations;
const states = Object.values(deploymentMachine.states);
const charts = Object.fromEntries(states.map((state) => [state.key, chartOf(state)])) as {
  readonly [phase in Phase]: Chart;
};

function chartOf({ always = [], transitions }: (typeof states)[number]): Chart {
  const on = [...transitions].map(([signal, arrows]) => [signal, arrows.map(arrowOf)] as const);
  return { always: always.map(arrowOf), on: Object.fromEntries(on) };
}

function arrowOf({ guard, actions: named, target }: Transition): Arrow {
  return {
    isAllowed: guard === undefined ? () => true : guardOf(guard as Named),
    actions: named.map((action) => changeOf(action as Named)),
    target: (target?.[0]?.key as Phase | undefined) ?? null,
  };
}

type Transition = NonNullable<(typeof states)[number]['always']>[number];

function guardOf(named: Named): Arrow['isAllowed'] {
  const { name, paramsOf } = partsOf(named);
  const guard = guards[name];
  invariant(guard !== undefined, `the guard ${name} is not implemented`);
  return (given) => guard(given, paramsOf(given));
}

function changeOf(named: Named): Arrow['actions'][number] {
  const { name, paramsOf } = partsOf(named);
  const assignment = actions[name]?.assignment;
  invariant(assignment !== undefined, `the action ${name} is not an assign: only those are pure`);
  return (given) => assignment(given, paramsOf(given));
}

function partsOf(named: Named) {
  if (typeof named === 'string') return { name: named, paramsOf: () => undefined };
  return { name: named.type, paramsOf: named.params ?? (() => undefined) };
}
