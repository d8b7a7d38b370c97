/** What one check came to; a sentence each. */
export interface Finding {
  /** What was looked at: one word. */
  readonly check: string;
  /** `noted`: no fault, but somebody should know. */
  readonly result: 'passed' | 'noted' | 'failed';
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly hint: string | null;
}

/** A check that names its findings. */
export function findings(check: string) {
  return {
    passed: (message: string): Finding => ({ check, result: 'passed', message, hint: null }),
    noted: (message: string, hint: string): Finding => ({ check, result: 'noted', message, hint }),
    failed: (message: string, hint: string): Finding => ({ check, result: 'failed', message, hint }),
  };
}
