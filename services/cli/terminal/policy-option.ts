import { readFile } from 'node:fs/promises';
import { noPolicyFile, type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { CommandError, exitCode } from './exit-code';

/**
 * The policy file of `--policy`, or what holds without one; what people should know of it goes to
 * stderr. Throws CommandError.
 */
export async function loadPolicyFile(name: string | undefined): Promise<PolicyFile> {
  if (name === undefined) return noPolicyFile;
  const text = await readPolicyText(name);
  try {
    const policyFile = parsePolicyFile(text, name);
    for (const note of policyFile.notes) process.stderr.write(`${name}: ${note}\n`);
    return policyFile;
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
