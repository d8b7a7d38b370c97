import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { partsOfService } from '../../../state-machines/log/identifiers';
import { projectFolder } from '../aws/declared/cloudformation';
import type { Stack } from '../stack';
import { operatorAccessKey } from './scenario/director';
import type { WishedRollback } from './scenario/operator';

type Place = Pick<Stack, 'account' | 'dynamoDb'>;

/**
 * Starts `rewind` in a process of its own, as the operator of a stack, in the stack's time. What it
 * says goes to stderr.
 */
export function startCommand(
  { account, dynamoDb }: Place,
  words: readonly string[],
  stderr: 'inherit' | 'ignore' = 'inherit',
): ChildProcessByStdio<null, Readable, null> {
  const place = ['--endpoint-url', account.endpoint, '--table', dynamoDb.tableName];
  const command = ['--import', 'tsx', 'services/cli/main.ts', ...words, ...place];
  return spawn(process.execPath, command, {
    cwd: path.resolve(projectFolder),
    stdio: ['ignore', 'pipe', stderr],
    // The stack's time stands in the environment of whoever runs it.
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: operatorAccessKey,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    },
  });
}

/** `rewind rollback` on a stack, to its end. Throws where it is refused. */
export async function rollbackOnStack(place: Place, { service, to, reason }: WishedRollback): Promise<void> {
  const { path: name } = partsOfService(service);
  const words = ['rollback', name, '--to', to, '--reason', reason, '--yes'];
  const child = startCommand(place, words, 'ignore');
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`rewind ${words.join(' ')} ended with ${code}: ${output}`);
}
