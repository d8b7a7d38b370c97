import { readFileSync } from 'node:fs';

/**
 * Loaded into a process, writes at its end on stderr how much memory was resident at most, in
 * kilobytes. Not resourceUsage().maxRSS: on Linux that also counts the parent's memory, which the
 * child shares until it runs its own program (getrusage(2), execve(2)).
 */
process.on('exit', () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  process.stderr.write(`kilobytes:${/VmHWM:\s+(\d+)/.exec(status)?.[1]}\n`);
});
