import type { Release } from './plan-items';
import type { Settings } from './settings';

/** How the simulated ECS has the tasks of a new revision behave. */
export function releaseLabels(
  release: Exclude<Release, 'again' | 'first'>,
  { policy }: Settings,
): Readonly<Record<string, string>> {
  switch (release) {
    case 'healthy':
      return {};
    case 'crashing':
      return crashAfter(5);
    case 'crashingLate':
      return crashAfter(Math.max(100, policy.bakeSeconds * 0.6));
    case 'flaky':
      return { ...crashAfter(20), 'rewind.behaviour': 'flaky', 'rewind.probability': '0.5' };
    case 'unpullable':
      return { 'rewind.behaviour': 'unpullable' };
    default:
      return release satisfies never;
  }
}

function crashAfter(seconds: number) {
  return { 'rewind.behaviour': 'crash', 'rewind.crash-after': String(seconds) };
}
