import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

/** The children that run, each with the folder that goes when it goes. */
const running = new Map<ChildProcess, string>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ties the child to this process: it is killed when this process ends, by itself or by a signal;
 * its folder goes with it.
 */
export function endWithThisProcess(child: ChildProcess, folder: string): void {
  if (running.size === 0) listen();
  running.set(child, folder);
  child.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    running.delete(child);
    if (running.size === 0) unlisten();
  });
}

/** Ends the child and resolves once it and its folder are gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Whether the child is gone, by itself or not. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function listen(): void {
  process.on('exit', killAll);
  for (const signal of signals) process.on(signal, dieOf);
}

function unlisten(): void {
  process.off('exit', killAll);
  for (const signal of signals) process.off(signal, dieOf);
}

function killAll(): void {
  for (const [child, folder] of running) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A listener takes a signal's own effect away: where ours is the only one, it is given back. Others
 * stop the stack in order.
 */
function dieOf(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  unlisten();
  process.kill(process.pid, signal);
}
