import { stopSignals } from '../stop-signals';

// Listens before the rest is loaded: a signal at any time ends the program in order.
const signal = stopSignals();
// The SDK's announcement of its own future concerns no one who wants to see a story.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { run } = await import('./run');
process.exitCode = await run(process.argv.slice(2), signal);
