import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { KillSwitch } from './kill-switch';

/** The one value that lets Rewind write: a slip of the pen stops it, and does not set it free. */
const lifted = 'off';

/**
 * A parameter of Systems Manager: `off` lets Rewind act, anything else is the switch thrown, and so
 * is a parameter that cannot be read.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export function parameterKillSwitch(client: SSMClient, name: string): KillSwitch {
  return {
    async heldBecause() {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
        return Parameter?.Value === lifted ? null : `the kill switch ${name} is thrown`;
      } catch (error) {
        const { name: reason, message } = error as Error;
        return `the kill switch ${name} cannot be read: ${reason}: ${message}`;
      }
    },
  };
}
