import { InvalidArgumentError } from 'commander';
import { CommandError, exitCode } from './exit-code';
import { say } from './streams/standard-error';

export const tableOption = ['--table <NAME>', 'the table of the event log (REWIND_TABLE)'] as const;
export const regionOption = ['--region <REGION>', 'AWS region (AWS_REGION)'] as const;

/** Runs what asks AWS; throws CommandError, with what was asked, where AWS does not answer. */
export function askAws<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
  return callAws(`${what} cannot be read`, ask);
}

/** The same for what changes something. */
export function changeAws<Result>(what: string, change: () => Promise<Result>): Promise<Result> {
  return callAws(`${what} is left as it is`, change);
}

async function callAws<Result>(trouble: string, ask: () => Promise<Result>): Promise<Result> {
  const patience = setTimeout(() => process.stderr.isTTY && say('AWS has not answered yet'), saidAfter);
  try {
    return await ask();
  } catch (error) {
    throw awsRefusal(trouble, error);
  } finally {
    clearTimeout(patience);
  }
}

/** What to throw where a call has failed: a CommandError for what AWS or the network says. */
export function awsRefusal(trouble: string, error: unknown): unknown {
  if (!isOfAws(error)) return error;
  const { name, message } = error as Error;
  const code = isDenial.test(name) ? exitCode.denied : exitCode.unavailable;
  const said = `${troubleIn(error).replace(/\.$/, '')}${hintFor(message)}`;
  return new CommandError(`${trouble}: ${said}`, code, { cause: error });
}

/** Nobody at a terminal likes to look at nothing: the SDK tries again for many seconds. */
const saidAfter = 3000;

/** What AWS or the network says against it: an error's own name only where AWS gave it. */
function troubleIn(error: unknown): string {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `nobody listens there (${message.replace(/^connect /, '')})`;
  if (code === 'ENOTFOUND') return `there is no such host (${message})`;
  if (message === 'socket hang up') return `the connection broke off (${message})`;
  return '$fault' in Object(error) ? `${name}: ${message}` : message;
}

/** For a catch: AWS does not answer, and is to be asked again. Another error is thrown. */
export function unansweredAsk(error: unknown): CommandError {
  if (error instanceof CommandError && error.exitCode === exitCode.unavailable) return error;
  throw error;
}

const isDenial = /^AccessDenied|UnauthorizedOperation$/;

function hintFor(message: string): string {
  if (/Region is missing|Region not accepted/.test(message)) return ': say --region, or set AWS_REGION';
  return /Could not load credentials/.test(message) ? ': log in, or say --profile, or set AWS_PROFILE' : '';
}

/**
 * What services answer carries metadata; what the SDK itself or the network says has a name or a
 * code of its own.
 */
function isOfAws(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CommandError) return false;
  const isOfSdk =
    '$metadata' in error || '$fault' in error || /Credentials|Region|TimeoutError/.test(error.name);
  return (
    isOfSdk ||
    /Region is missing|Region not accepted/.test(error.message) ||
    /^(connect|getaddrinfo)$/.test((error as NodeJS.ErrnoException).syscall ?? '')
  );
}

/** The option for the local stack, or another address in AWS's place. */
export function endpointOption(description: string) {
  return ['--endpoint-url <URL>', description, parseEndpoint] as const;
}

function parseEndpoint(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('It is an address such as http://127.0.0.1:4000.');
}
