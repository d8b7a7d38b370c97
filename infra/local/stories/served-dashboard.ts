import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectFolder } from '../aws/declared/cloudformation';
import { endChild } from '../child-process';
import type { Stack } from '../stack';
import { operatorAccessKey } from './scenario/director';

/** `rewind dashboard`, in a process of its own. */
interface ServedDashboard {
  /** Null where it did not start: what it said stands on stderr. */
  readonly address: string | null;
  stop(): Promise<void>;
}

/** Serves the dashboard of a stack, in the stack's time, to this machine alone. It may act. */
export async function serveDashboardOf({
  account,
  dynamoDb,
}: Pick<Stack, 'account' | 'dynamoDb'>): Promise<ServedDashboard> {
  const place = ['--endpoint-url', account.endpoint, '--table', dynamoDb.tableName];
  const command = [
    '--import',
    'tsx',
    'services/cli/main.ts',
    'dashboard',
    '--no-open',
    '--actions',
    ...place,
  ];
  const child = spawn(process.execPath, command, {
    cwd: path.resolve(projectFolder),
    stdio: ['ignore', 'pipe', 'inherit'],
    // The stack's time stands in the environment of whoever runs it.
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: operatorAccessKey,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    },
  });
  const stop = () => endChild(child);
  for await (const line of createInterface({ input: child.stdout })) return { address: line, stop };
  return { address: null, stop };
}
