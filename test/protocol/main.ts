import { parseArgs } from 'node:util';
import { searchProtocol } from './search';

/**
 * `npm run search:protocol -- --reconcilers 2 --interferences 3`: visits every state, and exits
 * with 1 when a promise is broken or a rollout can get stuck.
 */
const { values } = parseArgs({
  options: {
    reconcilers: { type: 'string', default: '2' },
    interferences: { type: 'string', default: '3' },
  },
});
const { states, depth, broken, stuck } = searchProtocol({
  reconcilers: Number(values.reconcilers),
  interferences: Number(values.interferences),
  clock: { ticks: 2, tickSeconds: 35 },
  progress: (found) => process.stderr.write(`${found.depth} steps: ${found.states} states\n`),
});
const seconds = Math.round(process.uptime());
process.stdout.write(`${states} states, at most ${depth} steps away, in ${seconds} s\n`);
for (const [promise, path] of Object.entries(broken)) tell(`broken: ${promise}`, path);
if (stuck !== null) tell('stuck: the rollout can never be over', stuck);
if (Object.keys(broken).length > 0 || stuck !== null) process.exitCode = 1;
else process.stdout.write('every state keeps every promise\n');

function tell(finding: string, path: readonly string[]): void {
  process.stdout.write(`${finding}\n${path.map((step) => `  ${step}\n`).join('')}`);
}
