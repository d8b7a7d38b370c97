/** The exit codes of `rewind`, from sysexits(3), so that scripts can tell them apart. */
export const exitCode = {
  done: 0,
  /** Of an audit: the log does not hold what it should. */
  differs: 1,
  /** As diff(1) and `terraform plan -detailed-exitcode` have it: nothing went wrong, and something is to be done. */
  difference: 2,
  usage: 64,
  data: 65,
  noInput: 66,
  unavailable: 69,
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends the command with one sentence on stderr and an exit code; for what the person at the terminal can put right. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(sentence: string, code: ExitCode, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = code;
  }
}
