import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { projectFolder } from '../aws/declared/cloudformation';

/** There is no browser to open the report in. The message is one sentence for the reader. */
export class BrowserMissingError extends Error {
  override readonly name = 'BrowserMissingError';
}

/** Where `obtainBrowser` keeps a browser of this clone alone; git does not see it. */
export const browserFolder = path.join(projectFolder, '.rewind', 'browser');
const browserOfPackage = path.join(browserFolder, 'chromium');

const programs = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'chrome.exe',
  'msedge.exe',
];
const applications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * A Chromium, Chrome or Edge that starts: the one that CHROMIUM names, an installed one, or one
 * that was obtained for the tests. Null where there is none. Throws BrowserMissingError where
 * CHROMIUM names no program that starts.
 */
export async function findBrowser(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const chosen = environment.CHROMIUM;
  if (chosen) {
    if (await starts(chosen)) return chosen;
    throw new BrowserMissingError(`CHROMIUM names ${chosen}, and no browser starts from it.`);
  }
  for (const program of candidates(environment)) if (await starts(program)) return program;
  return null;
}

/** Whether the report's tests are left out where there is no browser; on a CI they fail. */
export function mayDoWithoutBrowser(environment: NodeJS.ProcessEnv): boolean {
  return !environment.CI;
}

/** One sentence on what becomes of the report's tests without a browser, and what helps. */
export function noBrowser(environment: NodeJS.ProcessEnv): string {
  const consequence = mayDoWithoutBrowser(environment) ? 'are skipped' : 'fail, because CI is set';
  return `There is no browser, so the tests of the report's page ${consequence}: install Chromium, Chrome or Edge, or name one in CHROMIUM.`;
}

/** Whether a program is a browser that starts: some distributions install one that only advises. */
async function starts(program: string): Promise<boolean> {
  if (!isExecutable(program)) return false;
  try {
    const browser = await chromium.launch({ executablePath: program, timeout: startMilliseconds });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}

const startMilliseconds = 30_000;

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const { PATH = '', HOME = '', ProgramFiles, LOCALAPPDATA } = environment;
  const onPath = PATH.split(path.delimiter).filter((folder) => folder !== '');
  const onWindows = [ProgramFiles, environment['ProgramFiles(x86)'], LOCALAPPDATA];
  return [
    ...everyPair(onPath, programs),
    ...everyPair(['/Applications', path.join(HOME, 'Applications')], applications),
    ...everyPair(
      onWindows.filter((folder) => folder !== undefined),
      windowsPrograms,
    ),
    browserOfPackage,
    chromium.executablePath(),
  ];
}

function everyPair(folders: readonly string[], files: readonly string[]): string[] {
  return folders.flatMap((folder) => files.map((file) => path.join(folder, file)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
