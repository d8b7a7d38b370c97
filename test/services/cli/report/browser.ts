import { chromium } from 'playwright-core';
import { describe } from 'vitest';
import {
  BrowserMissingError,
  findBrowser,
  mayDoWithoutBrowser,
  noBrowser,
} from '../../../../infra/local/browser/find-browser';

const program = await findBrowser(process.env);
const isSkipped = program === null && mayDoWithoutBrowser(process.env);

/** What needs a browser: skipped where there is none, but on a CI. */
export const describeInBrowser = describe.skipIf(isSkipped);

/** A headless browser. Throws BrowserMissingError. */
export function launchBrowser() {
  if (program === null) throw new BrowserMissingError(noBrowser(process.env));
  return chromium.launch({ executablePath: program });
}
