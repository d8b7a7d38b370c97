/** The exit codes of `rewind`, from sysexits(3), so that scripts can tell them apart. */
export const exitCode = {
  done: 0,
  /** The command worked, and found a fault: in the log, in the stack, in how a story ended. */
  faultFound: 1,
  /** Nothing went wrong, and something is left to do: as `terraform plan -detailed-exitcode`. */
  changesPending: 2,
  /** A rollout failed, and the service is not back: somebody is needed now. */
  needsSomebody: 3,
  /** A rollout ended without a verdict. */
  noVerdict: 4,
  /** A newer deployment took its place. */
  superseded: 5,
  /** Rewind knows nothing of the rollout. */
  cannotTell: 7,
  usage: 64,
  data: 65,
  noInput: 66,
  unavailable: 69,
  /** A mistake of ours, with its trace on stderr. */
  software: 70,
  /** AWS refuses the caller the right. */
  denied: 77,
  configuration: 78,
  /** As timeout(1) ends. */
  timedOut: 124,
  /** As a shell tells of Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** What these exit codes mean in every command about services. */
const ofEveryCommand = {
  64: 'the command line is wrong, or the name fits several services',
  66: 'there is no such service or stage',
  69: 'AWS cannot be asked',
  77: 'AWS refuses the right',
};

/**
 * The exit codes of a command about services, a line each, in the order of the codes: its own, and
 * those of every such command where it says nothing else of them.
 */
export function exitCodeLines(own: { readonly [code: number]: string }): string {
  const meanings = Object.entries({ ...ofEveryCommand, ...own });
  const width = Math.max(...meanings.map(([code]) => code.length)) + 2;
  return meanings.map(([code, meaning]) => `  ${code.padEnd(width)}${meaning}`).join('\n');
}

interface CommandErrorOptions extends ErrorOptions {
  /** Lines that stand below the sentence. */
  readonly list?: readonly string[];
}

/** Ends the command with a sentence and an exit code, for what the person at it can put right. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly list: readonly string[];

  constructor(sentence: string, code: ExitCode, { list = [], ...options }: CommandErrorOptions = {}) {
    super(sentence, options);
    this.exitCode = code;
    this.list = list;
  }
}
