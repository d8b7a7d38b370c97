import { stopSignals } from '../stop-signals';

// Listens before the rest is loaded: a signal at any time ends the program in order.
const signal = stopSignals();
const { run } = await import('./run');
process.exitCode = await run(process.argv.slice(2), signal);
