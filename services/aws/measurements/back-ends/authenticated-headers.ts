import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type {
  SecretArn,
  ServerAuthentication,
} from '../../../../state-machines/log/measuring/metric-provider';
import type { ServerRequest } from './limited-fetch';

/** The SDK's own kinds, as its clients hold them. */
type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** What it takes to say who asks. */
export interface Identity {
  /** Of the account in which the service runs. */
  readonly credentials: Credentials;
  readonly secretOf: (secret: SecretArn) => Promise<string>;
}

/**
 * A request with the headers that say who asks: signed for Amazon Managed Service for Prometheus,
 * or with the values of secrets. They are read when they are needed, and kept nowhere else.
 */
export async function authenticated(
  request: ServerRequest,
  { sigv4, headers = {} }: ServerAuthentication,
  { credentials, secretOf }: Identity,
): Promise<ServerRequest> {
  const read = Object.entries(headers).map(async ([name, secret]) => [name, (await secretOf(secret)).trim()]);
  const told = {
    ...request,
    headers: { ...request.headers, ...Object.fromEntries(await Promise.all(read)) },
  };
  return sigv4 === undefined ? told : signed(told, { region: sigv4.region, credentials });
}

/** https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-compatible-APIs.html */
async function signed(
  request: ServerRequest,
  { region, credentials }: { readonly region: string; readonly credentials: Credentials },
): Promise<ServerRequest> {
  const sha256 = Hash.bind(null, 'sha256') as ConstructorParameters<typeof SignatureV4>[0]['sha256'];
  const signer = new SignatureV4({ service: 'aps', region, credentials, sha256 });
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(request.url);
  const { headers } = await signer.sign({
    method: request.method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { ...request.headers, host },
    body: request.body,
  });
  // fetch sets it by itself, to the same.
  const { host: _host, ...others } = headers;
  return { ...request, headers: others };
}
