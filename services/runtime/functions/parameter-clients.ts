import { SSMClient } from '@aws-sdk/client-ssm';
import type { KillSwitch } from '../../aws/kill-switch';
import { parameterKillSwitch } from '../../aws/parameter-kill-switch';

export function killSwitchAt(parameter: string): KillSwitch {
  const limits = {
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  };
  return parameterKillSwitch(new SSMClient(limits), parameter);
}
