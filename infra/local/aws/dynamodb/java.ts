import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const oldestJava = 17;

/**
 * There is no Java that could run DynamoDB Local. The message is one sentence for the person at the
 * terminal.
 */
export class JavaMissingError extends Error {
  override readonly name = 'JavaMissingError';

  constructor(found: string, options?: ErrorOptions) {
    super(
      `DynamoDB Local needs Java ${oldestJava} or newer, and ${found}: install a JRE (https://adoptium.net has one) and put its java on the PATH or its folder in JAVA_HOME.`,
      options,
    );
  }
}

/**
 * The search path on which `java` is one that can run DynamoDB Local: the environment's PATH,
 * JAVA_HOME in front of it. Throws JavaMissingError.
 */
export async function pathWithJava(environment: NodeJS.ProcessEnv): Promise<string> {
  const searchPath = environment.PATH ?? '';
  const javaHome = environment.JAVA_HOME;
  // JAVA_HOME is what somebody chose; the PATH holds what happens to be installed.
  const candidate = javaHome ? `${path.join(javaHome, 'bin')}${path.delimiter}${searchPath}` : searchPath;
  const version = await javaVersion({ ...environment, PATH: candidate });
  if (version >= oldestJava) return candidate;
  throw new JavaMissingError(`this is Java ${version}`);
}

/** The major version of the `java` on the PATH. */
async function javaVersion(environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-XX:-UsePerfData', '-version'], {
      env: environment,
    });
    // Java 8 calls itself 1.8.
    const [, major = '0', minor = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
    return major === '1' ? Number(minor) : Number(major);
  } catch (cause) {
    throw new JavaMissingError('none was found', { cause });
  }
}
