import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// What the SDK says about Node 20's end is nothing that a test could mend: said neither here, where
// DynamoDB Local is started, nor in the workers and what they start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * `--mode thorough`: what takes minutes, in `npm run test:interleavings`, `test:properties` and
 * `test:work`.
 */
const thorough = {
  REWIND_HISTORIES_SHARE: '1',
  REWIND_INTERLEAVINGS: '5000',
  REWIND_LINES: '200000',
  REWIND_STREAMS: '100,10000,200000',
  REWIND_TASKS: '2000',
};

const longest = [
  'infra/simulation/simulation',
  'process/start',
  'evening/evening',
  'infra/packaging/package',
  'infra/least-privilege',
  'infra/docs/who-does-what',
  'services/cli/operator/waiting-stories',
  'services/reconciler/crashes',
  'process/dynamodb',
  'process/stack',
];

/**
 * Begins with what takes longest: begun last, it would keep one worker busy while the other has
 * nothing left. The rest comes as vitest has it.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const inOrder = await super.sort(files);
    return inOrder.sort((one, other) => placeInLine(one) - placeInLine(other));
  }
}

function placeInLine({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? longest.length : place;
}

const cache = fileURLToPath(new URL('.rewind/cache', import.meta.url));

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/services/cli/built-command.ts', 'test/fixtures/shared-dynamodb.ts'],
    // On two cores vitest would use one: many tests wait for real processes, and leave the
    // processor to others.
    maxWorkers: 2,
    // A worker loads the SDK and XState once for all of its files. None leaves anything behind: the
    // core has no state of a module, and the variables of the process are put back.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/fixtures/own-variables.ts'],
    // The command line runs in the tests' own process too, where its output is read: no colours.
    // What it keeps for the completion of shells is not the user's.
    env: { NO_COLOR: '1', XDG_CACHE_HOME: cache, ...(mode === 'thorough' ? thorough : {}) },
    testTimeout: 180_000,
    hookTimeout: 240_000,
  },
}));
