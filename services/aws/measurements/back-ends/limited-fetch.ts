import { limitedText } from '../../limited-text';
import { backEndMilliseconds, UnreadableAnswerError } from './back-end';

/** One request to a server of the user's. */
export interface ServerRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}

/** More than a thousand minutes take. */
const largestAnswerBytes = 2_000_000;

/**
 * The JSON that a server answers with, within a time and a size. Follows no redirect: headers that
 * hold secrets go to the server that the policy names, and to no other. What it throws never holds
 * a header.
 */
export async function fetchJson({ url, method, headers, body }: ServerRequest): Promise<unknown> {
  const { host } = new URL(url);
  const signal = AbortSignal.timeout(backEndMilliseconds);
  const asked = { method, headers, ...(body === undefined ? {} : { body }) };
  const response = await fetch(url, { ...asked, signal, redirect: 'manual' }).catch((error: unknown) => {
    throw new UnreadableAnswerError(`${host} does not answer (${reasonOfFailure(error)})`);
  });
  const text = await limitedText(response, largestAnswerBytes);
  if (text === null) {
    throw new UnreadableAnswerError(`${host} answers with more than ${largestAnswerBytes} bytes`);
  }
  if (!response.ok) throw new UnreadableAnswerError(`${host} answers with status ${response.status}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableAnswerError(`${host} answers with what is no JSON`);
  }
}

/** By its code or kind alone: the message of an invalid header repeats its value. */
function reasonOfFailure(error: unknown): string {
  const { name, cause } = error instanceof Error ? error : new Error('unknown');
  const { code } = Object(cause) as { readonly code?: unknown };
  return typeof code === 'string' ? code : name;
}
