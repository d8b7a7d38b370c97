import { SSMClient } from '@aws-sdk/client-ssm';
import { type KillSwitch, observing } from '../../aws/kill-switch';
import { parameterKillSwitch } from '../../aws/parameter-kill-switch';
import { type Config, InvalidConfigError } from '../config';

/**
 * Whoever only observes has no switch, and no right to read one. Loaded at once: it is read between
 * the lease of a rollback and its call.
 */
export function killSwitchOf({ mode, killSwitch }: Config): KillSwitch {
  if (mode === 'observe') return observing;
  if (killSwitch === null)
    throw new InvalidConfigError('REWIND_KILL_SWITCH must name the parameter that stops Rewind');
  const limits = {
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  };
  return parameterKillSwitch(new SSMClient(limits), killSwitch);
}
