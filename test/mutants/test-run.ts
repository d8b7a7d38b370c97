import { startTests, type Task, type VitestRunner } from '@vitest/runner';

/** Which tests of a module run, and with which mutant. */
export interface RunRequest {
  readonly module: string;
  /** Null: none, to see which mutants each test comes past. */
  readonly mutant: number | null;
  /** By their ids; all if null. */
  readonly tests: readonly string[] | null;
}

/** What became of a run. */
export interface RunAnswer {
  /** The first test that failed, in words; null where all passed. */
  readonly failed: string | null;
  readonly passed: readonly PassedTest[];
  /** The mutants in what runs when the module is loaded. */
  readonly touchedByLoading: readonly number[];
}

interface PassedTest {
  readonly id: string;
  readonly touched: readonly number[];
}

/** What the instrumented file asks. */
declare global {
  function isMutant(number: number): boolean;
}

/**
 * Runs the tests of a module in this process, up to the first that fails. The module is loaded anew
 * each time, since a mutant may change what its loading makes.
 */
export async function runTests({ module, mutant, tests }: RunRequest, run: number): Promise<RunAnswer> {
  let touched = new Set<number>();
  globalThis.isMutant = (number) => {
    touched.add(number);
    return number === mutant;
  };
  let failed: string | null = null;
  let touchedByLoading: readonly number[] = [];
  const passed: PassedTest[] = [];
  const runner: VitestRunner = {
    config,
    importFile: async (file) => {
      await import(`${file}?run=${run}`);
    },
    onBeforeRunTask(test) {
      if (failed !== null || (tests !== null && !tests.includes(test.id))) test.mode = 'skip';
      touched = new Set();
    },
    onAfterRunTask(test) {
      if (test.result?.state === 'fail') failed ??= `${test.name}: ${test.result.errors?.[0]?.message}`;
      if (test.result?.state === 'pass') passed.push({ id: test.id, touched: [...touched] });
    },
    onCollected() {
      touchedByLoading = [...touched];
    },
  };
  const files = await startTests([module], runner);
  return { failed: failed ?? firstError(files), passed, touchedByLoading };
}

/** What a test file or a hook threw. */
function firstError(tasks: readonly Task[]): string | null {
  for (const task of tasks) {
    const message = task.result?.state === 'fail' ? (task.result.errors?.[0]?.message ?? 'failed') : null;
    const inner = message ?? ('tasks' in task ? firstError(task.tasks) : null);
    if (inner !== null) return inner;
  }
  return null;
}

const config: VitestRunner['config'] = {
  name: undefined,
  root: process.cwd(),
  testNamePattern: undefined,
  tagsFilter: undefined,
  setupFiles: [],
  passWithNoTests: true,
  allowOnly: true,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  maxConcurrency: 1,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  strictTags: false,
  chaiConfig: undefined,
  diffOptions: {},
};
