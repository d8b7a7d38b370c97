import { createReadStream } from 'node:fs';
import { CommandError, exitCode } from './exit-code';

const sentences: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EEXIST: 'there is a file of that name already',
  EISDIR: 'this is a directory, not a file',
  EACCES: 'this file may not be read',
  EPERM: 'this file may not be read',
  ELOOP: 'this link leads back to itself',
  ENOTDIR: 'a part of its path is a file, not a directory',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'there is no space left',
  EDQUOT: 'there is no space left',
  EFBIG: 'it is too large',
  EROFS: 'nothing can be written there',
};

/**
 * What the system says against a file, in words for its name and a colon to stand before; null for
 * an error of another kind.
 */
export function fileTrouble(error: unknown): string | null {
  const { code, syscall } = Object(error) as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return null;
  return sentences[code] ?? `the system says ${code}`;
}

/** More than any file that people write. */
const bytesAtMost = 16 * 1024 * 1024;

/**
 * The text of a file that people write. `what` says what it is for, such as "the policy file".
 * Throws CommandError, also where the file has no end.
 */
export async function readTextFile(name: string, what: string): Promise<string> {
  const refuse = (because: string, cause?: unknown) =>
    new CommandError(`${name}, ${what}, cannot be read: ${because}`, exitCode.noInput, { cause });
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(name)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > bytesAtMost) throw refuse('it is longer than 16 MiB');
    }
  } catch (error) {
    const trouble = fileTrouble(error);
    throw trouble === null ? error : refuse(trouble, error);
  }
  return Buffer.concat(chunks).toString('utf8');
}
