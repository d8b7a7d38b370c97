import { deploymentMachine } from './deployment-machine';

/** One arrow of the machine: where a move leads from a phase. */
export interface Arrow {
  readonly from: string;
  readonly move: string;
  readonly guard: string | null;
  readonly to: string;
  readonly actions: readonly string[];
}

const phases = Object.values(deploymentMachine.states);

/** The names of the machine's phases, in the order of its definition. */
export function phasesOfDeploymentMachine(): string[] {
  return phases.map(({ key }) => key);
}

/** Every arrow, read from the machine itself: what is shown cannot differ from what runs. */
export function arrowsOfDeploymentMachine(): Arrow[] {
  return phases.flatMap((phase) =>
    [...phase.transitions.values()].flat().map((transition) => ({
      from: phase.key,
      move: transition.eventType,
      guard: implementationName(transition.guard),
      to: transition.target?.[0]?.key ?? phase.key,
      actions: transition.actions.map((action) => implementationName(action) ?? 'inline'),
    })),
  );
}

/** The phases and the arrows between them as a Mermaid state diagram. */
export function mermaidOfDeploymentMachine(): string {
  const lines = arrowsOfDeploymentMachine().map(({ from, to, move, guard }) => {
    const when = guard === null ? move : `${move} [${guard}]`;
    return `  ${from} --> ${to}: ${when}`;
  });
  const ends = phases.slice(-1).map(({ key }) => `  ${key} --> [*]`);
  return ['stateDiagram-v2', '  direction LR', '  [*] --> watching', ...lines, ...ends].join('\n');
}

function implementationName(implementation: unknown): string | null {
  if (typeof implementation === 'string') return implementation;
  const { type } = (implementation ?? {}) as { readonly type?: string };
  return type ?? null;
}
