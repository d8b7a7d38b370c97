import { filesIn, isTestCode, linesThat, type SourceTree, type Violation } from './source-tree';

export function impureCore({ sources }: SourceTree): Violation[] {
  const impure = /Date\.now|new Date\(\)|Math\.random|process\.|setTimeout|console\./;
  return linesThat(filesIn(sources, 'state-machines'), (line) => impure.test(line));
}

export function machineEffects({ sources }: SourceTree): Violation[] {
  const machines = filesIn(sources, 'state-machines').filter(({ text }) => text.includes("from 'xstate'"));
  return linesThat(machines, (line) => /\b(after|invoke|entry|exit):/.test(line));
}

/** Casts that switch the compiler off. */
export function doubleCasts({ sources }: SourceTree): Violation[] {
  return linesThat(sources.filter(isNotThisTest), (line) => line.includes('as unknown as'));
}

export function codeFromText({ sources }: SourceTree): Violation[] {
  return linesThat(sources.filter(isNotThisTest), (line) => /\bnew Function\(|\beval\(/.test(line));
}

/** A `private` keyword: the language's own `#` is the one kind of privacy. */
export function privateKeywords({ sources }: SourceTree): Violation[] {
  return linesThat(sources.filter(isNotThisTest), (line) =>
    /^\s*(private|protected)\s+(?!constructor\b)\w/.test(line),
  );
}

/**
 * Files whose state is that of their process: a handler's clients, the children to be ended with
 * it, and what osls loads by its name while it packages.
 */
const holdsProcessState = /(^|\/)handler\.ts$|^infra\/local\/child-process\.ts$|\.cjs$/;

/** Variables of a module, and collections that it makes empty, so as to fill them later. */
export function moduleState({ sources }: SourceTree): Violation[] {
  const variable = /^(export )?(let|var) /;
  const collection =
    /^(export )?const \w+(: (Map|Set|Record|Partial)<.*>|: [^=]*\[\])? = (new \w*(Map|Set)(<.*>)?\(\)|\[\]|\{\});/;
  return linesThat(
    sources.filter(({ file }) => !isTestCode(file) && !holdsProcessState.test(file)),
    (line) => variable.test(line) || (collection.test(line) && !line.includes(': readonly ')),
  );
}

function isNotThisTest({ file }: { readonly file: string }): boolean {
  return !file.startsWith('test/tidy');
}

const writesToATerminal = /process\.(stdout|stderr)\.write/;

/** Its terminal takes out of foreign texts what would move the cursor. */
export function writesAroundTheTerminal({ sources }: SourceTree): Violation[] {
  const commands = filesIn(sources, 'services/cli').filter(
    ({ file }) => file.endsWith('.ts') && !file.startsWith('services/cli/terminal/'),
  );
  return linesThat(
    commands.filter(({ file }) => file !== 'services/cli/program.ts'),
    (line) => writesToATerminal.test(line),
  );
}
