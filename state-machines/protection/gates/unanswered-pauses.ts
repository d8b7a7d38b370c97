import type { Policy } from '../../log/policy';

/** A hook as ECS describes it. */
interface DescribedHook {
  readonly targetType?: string | undefined;
  readonly lifecycleStages?: readonly string[] | undefined;
}

/**
 * The PAUSE hooks at the gates of a policy that Rewind would leave to people whatever the evidence,
 * a sentence each. Pure.
 */
export function unansweredPauses(
  lifecycleHooks: readonly DescribedHook[],
  { gates, mode }: Pick<Policy, 'gates' | 'mode'>,
): string[] {
  const pauses = lifecycleHooks.filter(({ targetType }) => targetType === 'PAUSE');
  return (gates?.stages ?? []).flatMap((stage) => {
    const { length } = pauses.filter(({ lifecycleStages = [] }) => lifecycleStages.includes(stage));
    if (length > 1) return [`${length} PAUSE hooks stand at ${stage}: Rewind answers none of them`];
    if (length === 0 || mode !== 'observe') return [];
    return [`a PAUSE hook stands at ${stage}, where Rewind only observes: ECS waits for a person`];
  });
}
