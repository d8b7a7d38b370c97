// Which Node the SDK will want next year is nothing that a command is about.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * What a command line may say of where to ask; the environment, as the SDK reads it, says the rest.
 */
export interface Reach {
  readonly region?: string;
  readonly endpointUrl?: string;
  /** Of the AWS configuration files. */
  readonly profile?: string;
}

/** What a client of the SDK is given for it. */
export function connectionOf({ region, endpointUrl, profile }: Reach) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
    ...(isLocal(endpointUrl) && process.env.AWS_ACCESS_KEY_ID === undefined ? localStack(region) : {}),
  };
}

/** Whoever speaks to the local stack is its operator, whatever else the environment says. */
function localStack(region = process.env.AWS_REGION ?? 'us-east-1') {
  return { region, credentials: async () => ({ accessKeyId: 'operator', secretAccessKey: 'local' }) };
}

function isLocal(endpointUrl: string | undefined): boolean {
  return (
    endpointUrl !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpointUrl).hostname)
  );
}
