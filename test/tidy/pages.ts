import path from 'node:path';
import type { SourceFile, SourceTree, Violation } from './source-tree';

const link = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g;
const pathFromRoot = /`((?:docs|infra|services|state-machines|test|\.ci|\.github)\/[\w./-]+)`/g;
const codeFile = /`([\w./-]+\.(?:ts|mjs|cjs))`/g;

/** Links and names of files, in any page, that lead nowhere. A changelog may name what is gone. */
export function missingPaths({ files, pages }: SourceTree): Violation[] {
  const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
  const endsOne = (name: string) => files.some((file) => `/${file}`.endsWith(`/${name}`));
  return pages.flatMap((page) => {
    const named = page.file === 'CHANGELOG.md' ? [] : matchesIn(page, pathFromRoot);
    const codeFiles = page.file === 'CHANGELOG.md' ? [] : matchesIn(page, codeFile);
    const missing = [
      ...[...linksOf(page).map(({ target }) => target), ...named].filter((name) => !isKnown(known, name)),
      ...codeFiles.filter((name) => !endsOne(name)),
    ];
    return missing.map((name) => ({ file: page.file, what: `names ${name}, which does not exist` }));
  });
}

/** Links to a section of a page that has no such heading. */
export function missingSections({ pages }: SourceTree): Violation[] {
  return pages.flatMap((page) =>
    linksOf(page).flatMap(({ target, section }) => {
      const linked = pages.find(({ file }) => file === target);
      if (section === undefined || linked === undefined || sectionsOf(linked).includes(section)) return [];
      return [{ file: page.file, what: `names ${target}#${section}, which does not exist` }];
    }),
  );
}

function linksOf({ file, text }: SourceFile): { target: string; section: string | undefined }[] {
  return [...text.matchAll(link)].map(([, target = '', section]) => ({
    target: target === '' ? file : path.posix.join(path.posix.dirname(file), target),
    section,
  }));
}

/** The names that GitHub gives to headings. */
function sectionsOf({ text }: SourceFile): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function matchesIn({ text }: SourceFile, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, match = '']) => match);
}

function isKnown(known: ReadonlySet<string>, name: string): boolean {
  return known.has(name.replace(/\/$/, ''));
}

function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
