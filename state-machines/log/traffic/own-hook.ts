/**
 * How the id of a hook begins that is Rewind's own function: ECS asks that again and again, and
 * waits meanwhile.
 */
const sign = 'rewind-hook~';

/** Whether ECS takes the answer from Rewind's own function, and not from a call. */
export function isOwnHook(hookId: string): boolean {
  return hookId.startsWith(sign);
}

/**
 * The id of what ECS asks of the function: the same, however often it asks, and another one for
 * each step of a shift. ECS tells no id that would stay.
 */
export function ownHookId(serviceDeployment: string, stage: string, weight: number | null): string {
  const deployment = serviceDeployment.split('/').at(-1);
  return `${sign}${deployment}~${stage}${weight === null ? '' : `~${weight}`}`;
}
