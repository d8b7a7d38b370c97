const checkMilliseconds = 200;

/**
 * npm runs a script in a shell, and passes a signal on to that shell only; many shells end without
 * passing it on. Calls `stop` when that shell is gone. Does nothing for a program that npm did not
 * start, nor on Windows, where a program keeps the id of a parent that is gone.
 */
export function whenNpmShellEnds(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    stop();
  }, checkMilliseconds);
  timer.unref();
}
