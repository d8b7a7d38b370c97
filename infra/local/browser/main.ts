import { StoppedBySignalError, stopSignals } from '../stop-signals';
import { BrowserMissingError, noBrowser } from './find-browser';
import { obtainBrowser } from './obtain-browser';

const unavailable = 69;

/** Run by npm before `test`: gets a browser for the report's tests, or says what is without one. */
try {
  if ((await obtainBrowser(stopSignals())) === null) process.stderr.write(`${noBrowser(process.env)}\n`);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedBySignalError) return error.exitCode;
  if (!(error instanceof BrowserMissingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return unavailable;
}
