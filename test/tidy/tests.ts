import { targets } from '../mutants/targets';
import { isTestCode, linesThat, type SourceTree, type Violation } from './source-tree';

const wallClockTests = 5;

export function wishes(tree: SourceTree): Violation[] {
  return linesThat(testFiles(tree), (line) =>
    /\b(it|describe)(\.each\([^)]*\))?\(\s*['"`][^'"`]*\bshould\b/.test(line),
  );
}

export function skippedTests(tree: SourceTree): Violation[] {
  return linesThat(testFiles(tree), (line) => /\b(it|describe|test)\.(skip|only|todo|fails)\b/.test(line));
}

export function mockedSdk(tree: SourceTree): Violation[] {
  return linesThat(testFiles(tree), (line) => /vi\.mock|aws-sdk-client-mock/.test(line));
}

/**
 * Tests that wait for the wall clock or read it stand in test/process; fake clocks and benchmarks
 * do neither.
 */
export function wallClockElsewhere({ sources }: SourceTree): Violation[] {
  const wallClock =
    /from '.*infra\/local\/stack'|\bsetTimeout\(|\bsetTimeout\b.*timers\/promises|\bDate\.now\(\)|\bnew Date\(\)|performance\.now\(\)|[^.\w]until\(/;
  const tests = sources.filter(
    ({ file }) => isTestCode(file) && !/^test\/(tidy|process|benchmarks)/.test(file),
  );
  return linesThat(tests, (line) => wallClock.test(line));
}

export function manyWallClockTests({ files }: SourceTree): Violation[] {
  const tests = files.filter((file) => /^test\/process\/.*\.test\.ts$/.test(file));
  return tests.length > wallClockTests
    ? tests.map((file) => ({ file, what: `is one of ${tests.length} tests of the wall clock` }))
    : [];
}

/** What `npm run test:mutants` would look for in vain. */
export function missingMutants({ files }: SourceTree): Violation[] {
  const named = Object.values(targets).flatMap(({ file, tests }) => [file, ...tests]);
  return [...new Set(named)]
    .filter((file) => !files.includes(file))
    .map((file) => ({ file: 'test/mutants/targets.ts', what: `names ${file}, which does not exist` }));
}

function testFiles({ sources }: SourceTree) {
  return sources.filter(({ file }) => file.endsWith('.test.ts') && isTestCode(file));
}
