import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

/**
 * There is no browser to open the report in. The message is one sentence for the person at the
 * terminal.
 */
class ChromiumMissingError extends Error {
  override readonly name = 'ChromiumMissingError';
}

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A headless Chromium: the one of CHROMIUM, else one that is installed. Throws
 * ChromiumMissingError.
 */
export function launchChromium() {
  return chromium.launch({ executablePath: findChromium(process.env) });
}

function findChromium(environment: NodeJS.ProcessEnv): string {
  const chosen = environment.CHROMIUM;
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    throw new ChromiumMissingError(`CHROMIUM names ${chosen}, and that is no program.`);
  }
  const folders = (environment.PATH ?? '').split(path.delimiter);
  const installed = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  const found = [...installed, ...elsewhere, chromium.executablePath()].find(isExecutable);
  if (found !== undefined) return found;
  throw new ChromiumMissingError(
    'The report is tested in a real browser, and none was found: install Chromium or Chrome (on Debian: apt-get install chromium), or name its program in CHROMIUM.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
