import { forbiddenImports, type Import } from './imports';
import { filesIn, isTestCode, type SourceTree, type Violation } from './source-tree';

/** The rooms of services that things that run share. */
const adapters = ['aws', 'event-log', 'metrics', 'notifications', 'policy', 'runtime', 'sentences'];

export function importsOfTheCore(imports: readonly Import[]): Violation[] {
  const isAllowed = (imported: string) => imported === 'xstate' || imported.startsWith('state-machines/');
  return forbiddenImports(inFolder(imports, 'state-machines'), (imported) => !isAllowed(imported));
}

export function importsOfThings(imports: readonly Import[]): Violation[] {
  const isAllowed = (imported: string, from: string) => {
    const [, thing = ''] = from.split('/');
    const [top, folder = ''] = imported.split('/');
    // `rewind simulate` is the one command that brings what stands in for AWS to its users.
    if (top === 'infra') return from === 'services/cli/simulate/simulation-run.ts';
    if (top !== 'services') return true;
    // The guard's reconcile is shared by its scheduled function and the command line.
    if (thing === 'cli' && folder === 'guard') return true;
    return folder === thing || adapters.includes(folder);
  };
  return forbiddenImports(inFolder(imports, 'services'), (imported, from) => !isAllowed(imported, from));
}

/**
 * What programs with a terminal share stands in one room; the commands themselves are nobody
 * else's.
 */
export function importsOfTheCommandLine(imports: readonly Import[]): Violation[] {
  const others = imports.filter(({ from }) => !from.startsWith('services/cli/') && !isTestCode(from));
  return forbiddenImports(
    others,
    (imported) => imported.startsWith('services/cli/') && !imported.startsWith('services/cli/terminal/'),
  );
}

export function importsOfTheSdk(imports: readonly Import[]): Violation[] {
  const mayImport = /^services\/(aws|event-log|runtime)\/|^services\/guard\/(preset-alarms|guard-clients)/;
  const others = inFolder(imports, 'services').filter(({ from }) => !mayImport.test(from));
  return forbiddenImports(others, (imported) => imported.startsWith('@aws-sdk/'));
}

export function importsOfZod({ sources }: SourceTree): Violation[] {
  return filesIn(sources, 'services')
    .filter(({ text }) => /import (type )?\{[^}]*\} from 'zod'/.test(text))
    .map(({ file }) => ({ file, what: 'imports names of zod' }));
}

export function importsOfWiring(imports: readonly Import[]): Violation[] {
  return forbiddenImports(
    imports,
    (imported, from) => from.endsWith('.ts') && /\/(handler|main)(\.ts)?$/.test(imported),
  );
}

export function importsOfTests(imports: readonly Import[]): Violation[] {
  const product = imports.filter(({ from }) => !isTestCode(from));
  return forbiddenImports(product, (imported) => imported.startsWith('test/'));
}

/** The simulator is a package: all but its own tests use what it gives to everybody. */
export function importsOfTheSimulator(imports: readonly Import[]): Violation[] {
  const others = imports.filter(
    ({ from }) => !/^(test\/)?infra\/ecs-simulator\//.test(from) && from.endsWith('.ts'),
  );
  return forbiddenImports(
    others,
    (imported) =>
      imported.startsWith('infra/ecs-simulator/') && imported !== 'infra/ecs-simulator/src/ecs-simulator.ts',
  );
}

/** The simulator stands alone: a package knows nothing of the project around it. */
export function importsInTheSimulator(imports: readonly Import[]): Violation[] {
  const isOfTheProject = (imported: string) => /^(infra|services|state-machines|test)\//.test(imported);
  return forbiddenImports(
    inFolder(imports, 'infra/ecs-simulator'),
    (imported) => isOfTheProject(imported) && !imported.startsWith('infra/ecs-simulator/'),
  );
}

function inFolder(imports: readonly Import[], folder: string): Import[] {
  return imports.filter(({ from }) => from.startsWith(`${folder}/`));
}
