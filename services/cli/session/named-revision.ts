import {
  InvalidIdentifierError,
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { CommandError, exitCode } from '../terminal/exit-code';

/**
 * The task definition that somebody names: `43` is of the family that runs, `web:43`, or an ARN.
 * Throws CommandError.
 */
export function revisionNamed(
  text: string,
  { service, running }: { readonly service: ServiceArn; readonly running: TaskDefinitionArn | null },
): TaskDefinitionArn {
  const { partition, region, account } = partsOfService(service);
  const family = running === null ? null : /task-definition\/([^:]+)/.exec(running)?.[1];
  const short = /^\d+$/.test(text) && family != null ? `${family}:${text}` : text;
  const isShort = /^[\w-]+:\d+$/.test(short);
  const arn = isShort ? `arn:${partition}:ecs:${region}:${account}:task-definition/${short}` : short;
  try {
    const parsed = parseTaskDefinitionArn(arn);
    if (/:\d+$/.test(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
  }
  const sentence = `"${text}" is no revision of a task definition: say 43, web:43, or its ARN`;
  throw new CommandError(sentence, exitCode.usage);
}
