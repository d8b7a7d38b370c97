import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';

function check(environment: NodeJS.ProcessEnv) {
  const script = path.join(projectFolder, 'infra/local/prerequisites.mjs');
  return promisify(execFile)(process.execPath, [script], { env: environment });
}

describe('what npm start and npm test need', () => {
  it('is there, and nothing is said but once the license of DynamoDB Local', async () => {
    await rm(path.join(projectFolder, 'node_modules/.cache/rewind/license-told'), { force: true });
    expect(await check(process.env)).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^DynamoDB Local [^\n]+ its license [^\n]+\.\n$/),
    });
    expect(await check(process.env)).toEqual({ stdout: '', stderr: '' });
  });

  it('is named in one sentence where there is no Java, with exit code 69', async () => {
    const { JAVA_HOME: _javaHome, ...environment } = process.env;
    await expect(check({ ...environment, PATH: projectFolder })).rejects.toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(
        /^DynamoDB Local needs Java 17 or newer, and none was found: [^\n]+\.\n$/,
      ),
    });
  });
});
