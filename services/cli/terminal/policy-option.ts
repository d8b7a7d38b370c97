import { noPolicyFile, type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { CommandError, exitCode } from './exit-code';
import { say } from './streams/standard-error';
import { readTextFile } from './text-file';

/**
 * The policy file of `--policy`, or what holds without one; what people should know of it goes to
 * stderr. Throws CommandError.
 */
export async function loadPolicyFile(name: string | undefined): Promise<PolicyFile> {
  if (name === undefined) return noPolicyFile;
  const text = await readTextFile(name, 'the policy file');
  try {
    const policyFile = parsePolicyFile(text, name);
    for (const note of policyFile.notes) say(`${name}: ${note}`);
    return policyFile;
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    throw new CommandError(error.message, exitCode.configuration, { cause: error });
  }
}
