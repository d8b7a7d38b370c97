import { deploymentMachine } from './deployment-machine';

/** One arrow of the machine: what happens in a phase at a signal. Null target: the phase stays. */
export interface Arrow {
  readonly from: string;
  /** The signal's type; empty for what is looked at after every signal. */
  readonly signal: string;
  readonly guard: string | null;
  readonly to: string | null;
  readonly actions: readonly string[];
}

const phases = Object.values(deploymentMachine.states);

/** The names of the machine's phases, in the order of its definition. */
export function phasesOfDeploymentMachine(): string[] {
  return phases.map(({ key }) => key);
}

/**
 * Every arrow, read from the machine itself, so that what is shown cannot differ from what runs.
 */
export function arrowsOfDeploymentMachine(): Arrow[] {
  return phases.flatMap((phase) => {
    const onSignals = [...phase.transitions.values()].flat();
    return [...(phase.always ?? []), ...onSignals].map((transition) => ({
      from: phase.key,
      signal: transition.eventType,
      guard: nameOf(transition.guard),
      to: transition.target?.[0]?.key ?? null,
      actions: transition.actions.map((action) => nameOf(action) ?? 'inline'),
    }));
  });
}

/** The phases and the arrows between them as a Mermaid state diagram. */
export function mermaidOfDeploymentMachine(): string {
  const moves = arrowsOfDeploymentMachine().filter(({ to }) => to !== null);
  const lines = moves.map(({ from, to, signal, guard }) => {
    const when = [signal, guard === null ? '' : `[${guard}]`].filter((part) => part !== '').join(' ');
    return `  ${from} --> ${to}: ${when}`;
  });
  const ends = phases.filter(({ type }) => type === 'final').map(({ key }) => `  ${key} --> [*]`);
  return ['stateDiagram-v2', '  direction LR', '  [*] --> watching', ...lines, ...ends].join('\n');
}

function nameOf(implementation: unknown): string | null {
  if (typeof implementation === 'string') return implementation;
  const { type } = (implementation ?? {}) as { readonly type?: string };
  return type ?? null;
}
