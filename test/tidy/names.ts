import { isTestCode, linesThat, type SourceFile, type SourceTree, type Violation } from './source-tree';

/** A package of its own may use the words of its own field. */
const packages = ['infra/ecs-simulator/'];

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;
const topLevelFunction =
  /^(?:export )?(?:(?:async )?function\*? (\w+)|const (\w+) = (?:async )?(?:<[^>]*>)?\()/gm;
const typeDeclaration = /^(?:export )?(?:type|interface|class) (\w+)/gm;

export function exportedNames({ text }: SourceFile): string[] {
  return [...text.matchAll(declaration)].map(([, name = '']) => name);
}

/** Names that two files export, those by which Lambda knows its handlers left out. */
export function homonyms({ sources }: SourceTree): Violation[] {
  const product = sources.filter(
    ({ file }) => !isTestCode(file) && file.endsWith('.ts') && !/(^|\/)handler\.ts$/.test(file),
  );
  return repeated(product, exportedNames, 2);
}

/**
 * Function names of one word (`describe`, `keyOf`) that three files use: such a name says nothing
 * of its room.
 */
export function commonFunctionNames({ sources }: SourceTree): Violation[] {
  const product = sources.filter(({ file }) => !isTestCode(file));
  const oneWord = /^[a-z]+(Of)?$/;
  const names = ({ text }: SourceFile) =>
    [...text.matchAll(topLevelFunction)]
      .map(([, name, constant]) => name ?? constant ?? '')
      .filter((name) => oneWord.test(name) && name !== 'handler');
  return repeated(product, names, 3);
}

function repeated(
  files: readonly SourceFile[],
  namesIn: (source: SourceFile) => readonly string[],
  times: number,
): Violation[] {
  const places = new Map<string, string[]>();
  for (const source of files) {
    for (const name of new Set(namesIn(source))) {
      const key = `${packageOf(source.file)} ${name}`;
      places.set(key, [...(places.get(key) ?? []), source.file]);
    }
  }
  return [...places].flatMap(([key, found]) =>
    found.length < times
      ? []
      : found.map((file) => ({
          file,
          what: `${key.split(' ')[1]} is also in ${found.filter((other) => other !== file).join(', ')}`,
        })),
  );
}

function packageOf(file: string): string {
  return packages.find((folder) => file.startsWith(folder)) ?? '';
}

/** Endings of participles, and the nouns that end like one. */
const participle = /(?:[a-z]ing|[a-z]ed)$/;
const nouns =
  /(?:Warning|Setting|Reading|String|Finding|Ending|Timing|Meaning|Heading|Balancing|Binding|Listing|Mapping|Pricing|Routing|Thing|Feed|Need|Seed|Embed|Opening|Wording|Monitoring|Paging|Throttling)$/;

/** Types of one participle or ending in one: `Looking`, `Surveyed`. A type is a noun. */
export function participleTypes({ sources }: SourceTree): Violation[] {
  return sources
    .filter(({ file }) => !isTestCode(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(typeDeclaration)]
        .map(([, name = '']) => name)
        .filter((name) => participle.test(name) && !nouns.test(name) && !isEvent(text, name))
        .map((name) => ({ file, what: `${name} is a participle; a type is a noun` })),
    );
}

/** Events are past tense: their type has a `type` of the same name. */
function isEvent(text: string, name: string): boolean {
  return text.includes(`'${name}'`);
}

export function abbreviations({ sources }: SourceTree): Violation[] {
  const abbreviation =
    /\b(?:const|let|function|class|interface|type)\s+(td|svc|evt|ctx|mgr|cfg|req|res|err|cb|fn)\b/;
  return linesThat(
    sources.filter(({ file }) => file.endsWith('.ts')),
    (line) => abbreviation.test(line),
  );
}
