import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { browserFolder, findBrowser } from './find-browser';

/**
 * One way to bring a browser to this machine. It may fail, and nothing is believed of its success.
 */
interface Way {
  /** What people read while it is tried. */
  readonly what: string;
  isOpen(): boolean;
  obtain(run: RunProgram): Promise<void>;
}

type RunProgram = (program: string, parameters: readonly string[], options?: RunOptions) => Promise<void>;

interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The newest one that runs on every Node.js that Rewind runs on. */
const browserPackage = '@sparticuz/chromium@147.0.0';

/** It holds a Chromium for Linux, packed; unpacking puts it into the folder for temporary files. */
const unpack =
  "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";

const npmPackage: Way = {
  what: `the npm package ${browserPackage}`,
  isOpen: () => process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch),
  async obtain(run) {
    await mkdir(browserFolder, { recursive: true });
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--fetch-retries=1'];
    await run(...npm(['install', '--prefix', browserFolder, ...options, browserPackage]));
    const environment = { ...process.env, TMPDIR: browserFolder };
    await run(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: browserFolder,
      environment,
    });
  },
};

const debianPackage: Way = {
  what: "Debian's package chromium",
  isOpen: () => process.platform === 'linux' && process.getuid?.() === 0,
  async obtain(run) {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20'];
    await run('apt-get', [...options, 'update'], { environment });
    await run('apt-get', [...options, 'install', '-y', '--no-install-recommends', 'chromium'], {
      environment,
    });
  },
};

const playwrightDownload: Way = {
  what: "Playwright's download",
  isOpen: () => true,
  async obtain(run) {
    const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json');
    const program = path.join(path.dirname(manifest), 'cli.js');
    const environment = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' };
    await run(process.execPath, [program, 'install', '--no-shell', 'chromium'], { environment });
  },
};

/**
 * The registry first: whoever has installed Rewind reaches it, and the package stays in this clone.
 * Debian's package brings the libraries that a small image lacks. Playwright knows every platform.
 */
const ways: readonly Way[] = [npmPackage, debianPackage, playwrightDownload];

/** Longer than a slow line takes; a line that is dead must not hold the tests up. */
const wayMilliseconds = 300_000;

/**
 * The browser that `findBrowser` finds; where there is none, the ways to get one are tried in turn,
 * each for a bounded time, until one has brought a browser that starts. Null where none has.
 */
export async function obtainBrowser(signal: AbortSignal): Promise<string | null> {
  const installed = await findBrowser(process.env);
  if (installed !== null) return installed;
  const run = runUntil(signal);
  for (const way of ways.filter(({ isOpen }) => isOpen())) {
    process.stderr.write(`the report's tests need a browser: trying ${way.what} …\n`);
    // The next way is the answer to whatever went wrong.
    await way.obtain(run).catch(() => {});
    signal.throwIfAborted();
    const browser = await findBrowser(process.env);
    if (browser !== null) return browser;
  }
  return null;
}

function runUntil(signal: AbortSignal): RunProgram {
  return async (program, parameters, { cwd, environment } = {}) => {
    const limits = { signal, timeout: wayMilliseconds, maxBuffer: 64 * 1024 * 1024 };
    await promisify(execFile)(program, parameters, { cwd, env: environment, ...limits });
  };
}

/** The npm that runs this, if one does: on Windows `npm` is no program that could be started. */
function npm(parameters: readonly string[]): [string, string[]] {
  const script = process.env.npm_execpath;
  return script === undefined ? ['npm', [...parameters]] : [process.execPath, [script, ...parameters]];
}
