/**
 * A secret is named by its ARN, in Secrets Manager or Systems Manager, and by nothing else: what
 * the policy holds is recorded in the log.
 */
export type SecretArn = string;

/** How a server is told who asks. */
export interface ServerAuthentication {
  /** Signed as calls of AWS are, for Amazon Managed Service for Prometheus. */
  readonly sigv4?: { readonly region: string } | undefined;
  /** Headers by their names, each with the secret that holds its value. */
  readonly headers?: { readonly [name: string]: SecretArn } | undefined;
}

type AuthenticatedServer<Place extends string> = { readonly [place in Place]: string } & {
  readonly authentication?: ServerAuthentication | undefined;
};

/** Who counts where no load balancer does, as the policy file names it: one of them. */
export interface MetricProvider {
  readonly cloudWatch?:
    | { readonly namespace: string; readonly dimensions: { readonly [name: string]: string } }
    | undefined;
  readonly prometheus?: AuthenticatedServer<'address'> | undefined;
  readonly logs?: { readonly logGroup: string } | undefined;
  readonly http?: AuthenticatedServer<'url'> | undefined;
  readonly lambda?: { readonly function: string } | undefined;
}

export const providerNames = ['cloudWatch', 'prometheus', 'logs', 'http', 'lambda'] as const;
export type ProviderName = (typeof providerNames)[number];

/** Which of them a policy names. */
export function providerNameOf(provider: MetricProvider): ProviderName {
  return providerNames.find((name) => provider[name] !== undefined) ?? 'cloudWatch';
}
