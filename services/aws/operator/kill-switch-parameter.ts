import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** What the switch says now. Throws what the SDK throws. */
export async function killSwitchValue(client: SSMClient, name: string): Promise<string | null> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
  return Parameter?.Value ?? null;
}

/** Turns the switch: CloudTrail names whoever did. Throws what the SDK throws. */
export async function turnKillSwitch(client: SSMClient, name: string, value: 'on' | 'off'): Promise<void> {
  await client.send(new PutParameterCommand({ Name: name, Value: value, Overwrite: true }));
}
