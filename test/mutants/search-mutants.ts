import type { Bundled } from './bundle';
import type { Mutant } from './instrument';
import type { TestProcess } from './test-process';

/** What became of a mutant. */
export interface Trial {
  readonly mutant: Mutant;
  /** Null: it survived. */
  readonly killedBy: string | null;
}

/** The tests of one module that come past a mutant. */
interface Cover {
  readonly module: string;
  readonly tests: readonly string[];
}

/** Throws where a test fails without any mutant. */
export async function* tryMutants(
  { modules }: Pick<Bundled, 'modules'>,
  mutants: readonly Mutant[],
  tests: TestProcess,
): AsyncIterable<Trial> {
  const covers = await coversOf(modules, tests);
  for (const mutant of mutants) {
    yield { mutant, killedBy: await killerOf(mutant, covers.get(mutant.number) ?? [], tests) };
  }
}

async function coversOf(
  modules: readonly string[],
  process: TestProcess,
): Promise<ReadonlyMap<number, readonly Cover[]>> {
  const covers = new Map<number, Cover[]>();
  for (const module of modules) {
    const answer = await process.run({ module, mutant: null, tests: null });
    const { failed = 'it did not end', passed = [], touchedByLoading = [] } = answer ?? {};
    if (failed !== null) throw new Error(`a test fails without a mutant: ${failed}`);
    const testsOf = new Map<number, string[]>();
    for (const { id, touched } of passed) {
      for (const number of new Set([...touched, ...touchedByLoading])) {
        testsOf.set(number, [...(testsOf.get(number) ?? []), id]);
      }
    }
    for (const [number, tests] of testsOf) {
      covers.set(number, [...(covers.get(number) ?? []), { module, tests }]);
    }
  }
  return covers;
}

async function killerOf(
  { number }: Mutant,
  covers: readonly Cover[],
  process: TestProcess,
): Promise<string | null> {
  for (const { module, tests } of covers) {
    const answer = await process.run({ module, mutant: number, tests });
    if (answer === null) return 'it never ended';
    if (answer.failed !== null) return answer.failed;
  }
  return null;
}
