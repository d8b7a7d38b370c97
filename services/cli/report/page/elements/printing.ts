/**
 * Changes something of the page for as long as it is being printed, and only while `owner` is on
 * it.
 */
export function whenPrinting(owner: Element, before: () => void, after: () => void): void {
  const run = (change: () => void) => () => {
    if (owner.isConnected) change();
    else stop.abort();
  };
  const stop = new AbortController();
  addEventListener('beforeprint', run(before), { signal: stop.signal });
  addEventListener('afterprint', run(after), { signal: stop.signal });
}
