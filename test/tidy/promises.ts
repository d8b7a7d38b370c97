import { filesIn, type SourceTree, type Violation } from './source-tree';

const page = 'docs/trust.md';
/** A title that cites promises: `'takes a rollout back once (I3)'`. */
const citingTitle = /(['"`])((?:(?!\1)[^\n])*?) \((I\d+(?:, I\d+)*)\)((?:(?!\1)[^\n])*)\1/g;
/** What a title is filled with when it runs. */
const filledIn = /\$\{[^}]*\}|\$\w+|%[sdij]/g;

interface Citation {
  readonly promise: string;
  /** As it stands in the table of the promise. */
  readonly row: string;
}

/** Promises that no test cites, and rows that are not what tests cite: both say what to change. */
export function untestedPromises(tree: SourceTree): Violation[] {
  const promised = sectionsOfPromises(tree);
  const cited = citationsIn(tree);
  const unknown = cited.filter(({ promise }) => !promised.has(promise));
  const differences = [...promised].flatMap(([promise, rows]) => {
    const expected = cited.filter((one) => one.promise === promise).map(({ row }) => row);
    const missing = expected.filter((row) => !rows.includes(row)).map((row) => `misses the row ${row}`);
    const outdated = rows.filter((row) => !expected.includes(row));
    const untested = expected.length === 0 ? ['is cited by no test'] : [];
    return [...untested, ...missing, ...outdated.map((row) => `has the row of no test ${row}`)].map(
      (what) => `${promise} ${what}`,
    );
  });
  return [
    ...unknown.map(({ promise, row }) => `does not promise ${promise}, cited in ${row}`),
    ...differences,
  ].map((what) => ({ file: page, what }));
}

function citationsIn({ sources }: SourceTree): Citation[] {
  const tests = filesIn(sources, 'test').filter(({ file }) => !file.startsWith('test/tidy'));
  return tests.flatMap(({ file, text }) =>
    [...text.matchAll(citingTitle)].flatMap(({ index, 2: before = '', 3: numbers = '', 4: behind = '' }) => {
      const title = `${subjectAt(text, index)}${before}${behind}`.replace(filledIn, '…');
      const row = `| ${title} | [${file.slice('test/'.length)}](../${file}) |`;
      return numbers.split(', ').map((promise) => ({ promise, row }));
    }),
  );
}

/** The title of the `describe` around a place, without its own citation, and a space. */
function subjectAt(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  const depth = (line = '') => line.search(/\S|$/);
  const around = lines.findLast((line) => /^\s*describe\b/.test(line) && depth(line) < depth(lines.at(-1)));
  const [, , title] = /(['"`])(.*)\1/.exec(around ?? '') ?? [];
  return title === undefined ? '' : `${title.replace(/ \(I\d[^)]*\)/, '')} `;
}

/** The rows under each heading of the page that begins with a promise's number. */
function sectionsOfPromises({ pages }: SourceTree): Map<string, string[]> {
  const text = pages.find(({ file }) => file === page)?.text ?? '';
  const sections = [...text.matchAll(/^## (I\d+)\. ([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
  return new Map(
    sections.map(([, promise = '', section = '']) => [
      promise,
      section.split('\n').filter((line) => line.endsWith('.ts) |')),
    ]),
  );
}
