/** What one check came to; a sentence each. */
export interface CheckResult {
  /** What was looked at: one word. */
  readonly check: string;
  /** `noted`: no fault, but somebody should know. */
  readonly result: 'passed' | 'noted' | 'failed';
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly hint: string | null;
}

/** A check that names its findings. */
export function resultsOfCheck(check: string) {
  return {
    passed: (message: string): CheckResult => ({ check, result: 'passed', message, hint: null }),
    noted: (message: string, hint: string): CheckResult => ({ check, result: 'noted', message, hint }),
    failed: (message: string, hint: string): CheckResult => ({ check, result: 'failed', message, hint }),
  };
}
