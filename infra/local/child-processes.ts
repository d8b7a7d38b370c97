import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kills the child when this process ends, by itself or by a signal, until it ends on its own. */
export function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) listen();
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) unlisten();
  });
}

/** Ends the child and resolves once it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
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
  for (const child of running) child.kill('SIGKILL');
}

/** A listener takes a signal's own effect away: where ours is the only one, it is given back. Others stop the stack in order. */
function dieOf(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  unlisten();
  process.kill(process.pid, signal);
}
