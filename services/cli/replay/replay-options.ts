import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Instant } from '../../../state-machines/log/instant';
import { parseInstant } from '../../notifications/instant-text';
import { noPolicyFile, type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { CommandError, exitCode } from '../terminal/exit-code';

export type Format = 'text' | 'json';
export type ReplayFormat = Format | 'html';

/** The value of `--format`; throws commander's error for any other. */
export function parseFormat(text: string): Format {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('It is text or json.');
}

/** The value of `--format` for a replay, which can be written as a page as well; throws commander's error for any other. */
export function parseReplayFormat(text: string): ReplayFormat {
  if (text === 'text' || text === 'json' || text === 'html') return text;
  throw new InvalidArgumentError('It is text, json or html.');
}

/** The value of `--as-of`; throws commander's error for what is no time. */
export function parseAsOf(text: string): Instant {
  try {
    return parseInstant(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** The policy file of `--policy`, or what holds without one. Throws CommandError. */
export async function loadPolicyFile(name: string | undefined): Promise<PolicyFile> {
  if (name === undefined) return noPolicyFile;
  const text = await readPolicyText(name);
  try {
    return parsePolicyFile(text, name);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    throw new CommandError(error.message, exitCode.configuration, { cause: error });
  }
}

async function readPolicyText(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'it is a directory' : code === 'ENOENT' ? 'there is no such file' : code;
    throw new CommandError(`${name}, the policy file, cannot be read: ${why}`, exitCode.noInput, {
      cause: error,
    });
  }
}
