import path from 'node:path';
import type { SourceTree, Violation } from './source-tree';

const linesOfAFile = 250;
const filesOfAFolder = 15;
const readmeLines = 170;

/**
 * Folders that may grow, because nobody reads them as a whole: the root holds what tools look for
 * there; decisions are numbered and only added to; schemas, stories and field cases are data with a
 * list.
 */
const growing = /^(\.|docs\/(decisions|schemas|scenarios)|test\/fixtures\/field)$/;

export function crowdedFolders({ files }: SourceTree): Violation[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    if (path.posix.basename(file) === 'README.md') continue;
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder, count]) => count > filesOfAFolder && !growing.test(folder))
    .map(([folder, count]) => ({
      file: `${folder}/`,
      what: `holds ${count} files; more than ${filesOfAFolder} are two rooms`,
    }));
}

export function longReadme({ pages }: SourceTree): Violation[] {
  return pages
    .filter(({ file, text }) => file === 'README.md' && lineCount(text) > readmeLines)
    .map(({ file, text }) => ({ file, what: `has ${lineCount(text)} lines` }));
}

export function longFiles({ sources }: SourceTree): Violation[] {
  return sources
    .filter(({ file, text }) => file.endsWith('.ts') && lineCount(text) > linesOfAFile)
    .map(({ file, text }) => ({ file, what: `has ${lineCount(text)} lines` }));
}

export function bannedFileNames({ files, sources }: SourceTree): Violation[] {
  const banned = /(^|\/)(utils?|helpers?|common|misc|shared|types|index)(\.ts$|\/)/;
  const camelCase = sources.filter(({ file }) => !/^[a-z0-9./-]+$/.test(file)).map(({ file }) => file);
  return [...files.filter((file) => banned.test(file)), ...camelCase].map((file) => ({
    file,
    what: 'is named badly',
  }));
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
