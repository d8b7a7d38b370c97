import { deploymentMachine } from './deployment-machine';

/** One arrow of the machine: where a move leads from a phase. */
export interface Arrow {
  readonly from: string;
  readonly move: string;
  readonly guard: string | null;
  readonly to: string;
  readonly actions: readonly string[];
}

type State = (typeof deploymentMachine.states)[keyof typeof deploymentMachine.states];

const phases: readonly State[] = Object.values(deploymentMachine.states);

/** The names of the machine's phases, in the order of its definition. */
export function phasesOfDeploymentMachine(): string[] {
  return phases.map(({ key }) => key);
}

/** Every arrow, read from the machine itself: what is shown cannot differ from what runs. */
export function arrowsOfDeploymentMachine(): Arrow[] {
  return phases.flatMap(arrowsFrom);
}

/** The arrows between the states within a phase. */
export function arrowsWithin(phase: string): Arrow[] {
  return statesWithin(phase).flatMap(arrowsFrom);
}

function statesWithin(phase: string): readonly State[] {
  return Object.values(phases.find(({ key }) => key === phase)?.states ?? {});
}

function arrowsFrom(state: State): Arrow[] {
  return [...state.transitions.values()].flat().map((transition) => ({
    from: state.key,
    move: transition.eventType,
    guard: implementationName(transition.guard),
    to: transition.target?.[0]?.key ?? state.key,
    actions: transition.actions.map((action) => implementationName(action) ?? 'inline'),
  }));
}

/** The phases and the arrows between them as a Mermaid state diagram. */
export function mermaidOfDeploymentMachine(): string {
  const lines = [...phases.flatMap(({ key }) => linesWithin(key)), ...linesOf(arrowsOfDeploymentMachine())];
  const ends = phases.slice(-1).map(({ key }) => `  ${key} --> [*]`);
  return ['stateDiagram-v2', '  direction LR', '  [*] --> watching', ...lines, ...ends].join('\n');
}

function linesWithin(phase: string): string[] {
  const [initial] = statesWithin(phase);
  if (initial === undefined) return [];
  const lines = [`  [*] --> ${initial.key}`, ...linesOf(arrowsWithin(phase))];
  return [`  state ${phase} {`, ...lines.map((line) => `  ${line}`), '  }'];
}

function linesOf(arrows: readonly Arrow[]): string[] {
  return arrows.map(({ from, to, move, guard }) => {
    const when = guard === null ? move : `${move} [${guard}]`;
    return `  ${from} --> ${to}: ${when}`;
  });
}

function implementationName(implementation: unknown): string | null {
  if (typeof implementation === 'string') return implementation;
  const { type } = (implementation ?? {}) as { readonly type?: string };
  return type ?? null;
}
