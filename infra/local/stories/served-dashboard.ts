import { createInterface } from 'node:readline';
import { endChild } from '../child-process';
import type { Stack } from '../stack';
import { startCommand } from './operator-command';

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
  const place = { account, dynamoDb };
  const child = startCommand(place, ['dashboard', '--no-open', '--actions']);
  const stop = () => endChild(child);
  for await (const line of createInterface({ input: child.stdout })) return { address: line, stop };
  return { address: null, stop };
}
