import type { SourceTree, Violation } from './source-tree';

/** Columns of a comment, wherever one is written. */
const commentColumns = 100;

export function wideComments({ commented }: SourceTree): Violation[] {
  return commented.flatMap(({ file, text }) => {
    const comment = /\.ya?ml$/.test(file) ? yamlComment : scriptComment;
    return text.split('\n').flatMap((line, index) => {
      const isWide = line.length > commentColumns && comment.test(line) && !isOneLongWord(line);
      return isWide ? [{ file: `${file}:${index + 1}`, what: `a comment of ${line.length} columns` }] : [];
    });
  });
}

const scriptComment = /^\s*(\/\/|\/\*|\*)|\s\/\/ [^'"`]*$|\/\*\*? [^'"`]*\*\/$/;
const yamlComment = /^\s*#|\s# [^'"]*$/;

/** An address cannot be broken. */
function isOneLongWord(line: string): boolean {
  return /^\s*(\/\/|\*|#)?\s*\S+$/.test(line);
}
