import {
  codeFromText,
  doubleCasts,
  impureCore,
  machineEffects,
  moduleState,
  privateKeywords,
  writesAroundTheTerminal,
} from './code';
import { wideComments } from './comments';
import { deadExports, deadFiles } from './dead-code';
import { importCircles, readImports } from './imports';
import {
  importsInTheSimulator,
  importsOfTests,
  importsOfTheCommandLine,
  importsOfTheCore,
  importsOfTheSdk,
  importsOfTheSimulator,
  importsOfThings,
  importsOfWiring,
  importsOfZod,
} from './layers';
import { bannedFileNames, crowdedFolders, longFiles, longReadme } from './layout';
import { abbreviations, commonFunctionNames, homonyms, participleTypes } from './names';
import { missingPaths, missingSections } from './pages';
import { untestedPromises } from './promises';
import { importsAgainstTheMap, roomCircles, roomsOffTheMap } from './rooms';
import type { SourceTree, Violation } from './source-tree';
import { actionsWithoutCommit, packagesWithoutIntegrity } from './supply-chain';
import {
  manyWallClockTests,
  missingMutants,
  mockedSdk,
  skippedTests,
  wallClockElsewhere,
  wishes,
} from './tests';

/**
 * Every rule of the style that reading the files can hold: its sentence, and where it is broken.
 */
export function tidyRules(tree: SourceTree): Record<string, Violation[]> {
  const imports = readImports(tree);
  return {
    'the core imports xstate and itself only': importsOfTheCore(imports),
    'things that run import the core, the adapters and themselves, never each other':
      importsOfThings(imports),
    'of the command line, others import its terminal only': importsOfTheCommandLine(imports),
    'the AWS SDK is imported by adapters and where clients are made': importsOfTheSdk(imports),
    'zod is imported as a namespace, or bundles would carry its fifty languages': importsOfZod(tree),
    'nobody imports what wires a program': importsOfWiring(imports),
    'the product imports no test': importsOfTests(imports),
    'the simulator is imported as a package, by its public file': importsOfTheSimulator(imports),
    'the simulator imports nothing of the project': importsInTheSimulator(imports),
    'every room is on the map of its parent': roomsOffTheMap(tree),
    'a room imports only rooms before it on the map': importsAgainstTheMap(tree, imports),
    'rooms inside of rooms do not import each other': roomCircles(imports),
    'no import goes in a circle': importCircles(imports),
    'every file is imported or started': deadFiles(tree, imports),
    'every exported name is imported': deadExports(tree, imports),

    'no name is exported by two files': homonyms(tree),
    'no function name of one word stands in three files': commonFunctionNames(tree),
    'types are nouns': participleTypes(tree),
    'words are spelt out': abbreviations(tree),
    'file names are words of the field, in kebab case': bannedFileNames(tree),

    'a file has at most 250 lines': longFiles(tree),
    'a folder holds at most 15 files': crowdedFolders(tree),
    'comments end before column 100': wideComments(tree),
    'the README has at most 170 lines': longReadme(tree),
    'pages name only files that exist': missingPaths(tree),
    'links to sections of pages lead there': missingSections(tree),
    'docs/trust.md tells, of every promise, the tests that cite it': untestedPromises(tree),

    'the core knows no clock, no chance and no environment': impureCore(tree),
    'the machine has no delay and no effect: a deadline is a field, its passing an event':
      machineEffects(tree),
    'no module keeps mutable state, but handlers': moduleState(tree),
    'no cast goes through unknown': doubleCasts(tree),
    'no code is made of text': codeFromText(tree),
    'privacy is spelt with #': privateKeywords(tree),

    'commands write to the terminal through services/cli/terminal': writesAroundTheTerminal(tree),

    'every locked package has its integrity': packagesWithoutIntegrity(tree),
    'every action of a workflow is named by its commit': actionsWithoutCommit(tree),

    'tests state facts': wishes(tree),
    'all tests run': skippedTests(tree),
    'the tests that are to kill mutants are there': missingMutants(tree),
    'tests replace no part of the AWS SDK': mockedSdk(tree),
    'tests of the wall clock stand in test/process': wallClockElsewhere(tree),
    'at most five tests need the wall clock': manyWallClockTests(tree),
  };
}
