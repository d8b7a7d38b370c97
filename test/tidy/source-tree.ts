import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A file of the project that holds text, and its path from the project's root. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** What the tidy rules read: every file that git knows or would add. */
export interface SourceTree {
  readonly files: readonly string[];
  /** TypeScript and JavaScript. */
  readonly sources: readonly SourceFile[];
  /** YAML, CSS and the files above: what may hold comments. */
  readonly commented: readonly SourceFile[];
  readonly pages: readonly SourceFile[];
  /** The commands of package.json, as its text. */
  readonly scripts: string;
  /** package-lock.json, as its text. */
  readonly lock: string;
}

/** A rule that is broken: where, and by what. */
export interface Violation {
  readonly file: string;
  readonly what: string;
}

export function readSourceTree(root: string): SourceTree {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
    .toString()
    .split('\n')
    .filter((file) => file !== '' && existsSync(path.join(root, file)));
  const read = (pattern: RegExp) =>
    files
      .filter((file) => pattern.test(file))
      .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
  return {
    files,
    sources: read(/\.(ts|mts|mjs|cjs|js)$/),
    commented: read(/\.(ts|mts|mjs|cjs|js|ya?ml|css)$/),
    pages: read(/\.md$/),
    scripts: readFileSync(path.join(root, 'package.json'), 'utf8'),
    lock: readFileSync(path.join(root, 'package-lock.json'), 'utf8'),
  };
}

export function filesIn<T extends { readonly file: string }>(files: readonly T[], folder: string): T[] {
  return files.filter(({ file }) => file.startsWith(`${folder}/`));
}

export function isTestCode(file: string): boolean {
  return file.startsWith('test/') || file.includes('/test/');
}

/** The violations of a rule that a pattern finds line by line. */
export function linesThat(files: readonly SourceFile[], breaks: (line: string) => boolean): Violation[] {
  return files.flatMap(({ file, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (breaks(line) ? [{ file: `${file}:${index + 1}`, what: line.trim() }] : [])),
  );
}
