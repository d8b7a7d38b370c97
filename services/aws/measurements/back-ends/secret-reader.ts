import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { SecretArn } from '../../../../state-machines/log/measuring/metric-provider';
import { UnreadableAnswerError } from './back-end';

/**
 * Reads secrets of Systems Manager and of Secrets Manager, both through Systems Manager. What it
 * throws names the secret, and holds nothing of it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
export function secretReader(clientIn: (region: string) => Promise<SSMClient>) {
  return async (secret: SecretArn): Promise<string> => {
    const client = await clientIn(secret.split(':')[3] ?? '');
    const name = parameterNameOf(secret);
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    if (Parameter?.Value !== undefined) return Parameter.Value;
    throw new UnreadableAnswerError(`the secret ${name} has no text`);
  };
}

/** A secret's ARN ends with a dash and six characters that are not part of its name. */
function parameterNameOf(secret: SecretArn): string {
  const [, , service, , , kind = '', ...rest] = secret.split(':');
  if (service === 'ssm') return kind.slice('parameter'.length);
  return `/aws/reference/secretsmanager/${rest.join(':').replace(/-\w{6}$/, '')}`;
}
