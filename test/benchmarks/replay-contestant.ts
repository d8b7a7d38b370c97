// One of the two things that replay.ts compares, done once to the lines of a file. Writes the
// milliseconds of processor time that it took, garbage collection included: other load on the
// machine counts little in it.
import { readFileSync } from 'node:fs';
import { History } from '../../services/cli/input/history';
import { replayHistory } from '../../services/cli/replay/replay-history';
import { noPolicyFile } from '../../services/policy/policy-file';

const contestants: { readonly [name: string]: (lines: readonly string[]) => void } = {
  parse(lines) {
    for (const line of lines) JSON.parse(line);
  },
  replay(lines) {
    const history = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf: null });
    for (const line of lines) history.take(JSON.parse(line));
    replayHistory(history, noPolicyFile);
  },
};

const [, , name = '', file = ''] = process.argv;
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
const before = process.cpuUsage();
contestants[name]?.(lines);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1000));
