import * as z from 'zod/mini';
import {
  blankNames,
  tellsVersionsApart,
  unknownBlanksIn,
} from '../../../state-machines/analysis/counting/metric-query';
import {
  type MetricProvider,
  type ProviderName,
  providerNameOf,
  providerNames,
} from '../../../state-machines/log/measuring/metric-provider';

function shortText(what: string, most = 1000) {
  const error = `must be ${what}, of up to ${most} characters`;
  return z.string({ error }).check(z.minLength(1, { error }), z.maxLength(most, { error }));
}

const secret = z.string({ error: 'must be the ARN of a secret' }).check(
  z.regex(
    /^arn:[\w-]+:(ssm:[\w-]+:\d{12}:parameter\/[\w./-]+|secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-\w{6})$/,
    {
      error:
        'must be the whole ARN of a secret in Secrets Manager or of a parameter in Systems Manager: a secret itself would stand in the log',
    },
  ),
);

const authentication = z
  .strictObject(
    {
      sigv4: z.optional(
        z.strictObject(
          {
            region: shortText('a region', 32).check(
              z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, {
                error: 'must be a region of AWS',
              }),
            ),
          },
          { error: 'must hold region' },
        ),
      ),
      headers: z.optional(
        z.record(
          shortText('the name of a header', 100).check(
            z.regex(/^[\w-]+$/, { error: 'must be the name of a header' }),
          ),
          secret,
          { error: 'must hold headers by their names' },
        ),
      ),
    },
    { error: 'must hold sigv4 or headers' },
  )
  .check(
    z.refine(({ sigv4, headers }) => (sigv4 === undefined) !== (headers === undefined), {
      error: 'must hold either sigv4 or headers',
    }),
  );

const address = shortText('an address').check(
  z.refine((given) => /^https?:\/\/[^/@?#]+/.test(given), {
    error: 'must be an address that begins with https:// or http://, without a user',
  }),
);

const dimensions = z.record(z.string(), shortText('the value of a dimension', 1024), {
  error: 'must hold dimensions by their names',
});

const fields = {
  cloudWatch: z.strictObject(
    { namespace: shortText('a namespace', 255), dimensions },
    { error: 'must hold namespace and dimensions' },
  ),
  prometheus: z.strictObject(
    { address, authentication: z.optional(authentication) },
    { error: 'must hold address' },
  ),
  logs: z.strictObject(
    {
      logGroup: shortText('the name of a log group', 512).check(
        z.regex(/^[\w./#-]+$/, {
          error: 'must be the name of a log group',
        }),
      ),
    },
    { error: 'must hold logGroup' },
  ),
  http: z.strictObject(
    { url: address, authentication: z.optional(authentication) },
    { error: 'must hold url' },
  ),
  lambda: z.strictObject(
    {
      function: shortText('the name of a function', 170).check(
        z.regex(/^[\w:-]+$/, {
          error: 'must be the name or ARN of a function',
        }),
      ),
    },
    { error: 'must hold function' },
  ),
} satisfies { readonly [name in ProviderName]: z.ZodMiniType };

/** Who counts a metric that no load balancer counts: `provider` of a policy file. */
export const providerSchema: z.ZodMiniType<MetricProvider> = z
  .partial(z.strictObject(fields, { error: `must name one of ${providerNames.join(', ')}` }))
  .check(
    z.superRefine((provider, context) => {
      if (Object.keys(provider).length !== 1) {
        context.addIssue({ code: 'custom', message: `must name one of ${providerNames.join(', ')}` });
      }
      const { http, prometheus } = provider;
      const server = http?.url ?? prometheus?.address;
      const told = (http ?? prometheus)?.authentication;
      if (told !== undefined && server?.startsWith('https://') === false) {
        context.addIssue({
          code: 'custom',
          message: 'must have an address that begins with https://, or whoever listens learns who asks',
        });
      }
    }),
  );

/** A metric as it is written. */
interface WrittenQueries {
  readonly provider: MetricProvider;
  readonly events: string;
  readonly total: string;
}

interface QueryProblem {
  readonly key: string;
  readonly message: string;
}

/** What is wrong with the queries of a metric, by the key that is to be mended. Pure. */
export function queryProblems(written: WrittenQueries): QueryProblem[] {
  const { provider, events, total } = written;
  const dimensions = Object.values(provider.cloudWatch?.dimensions ?? {}).join(' ');
  const texts = { events, total, url: provider.http?.url ?? '', dimensions };
  const unknown = Object.values(texts).flatMap(unknownBlanksIn);
  const known = blankNames.join(', ');
  return [
    ...missingQueries(written),
    ...unknown.map((name) => ({
      key: 'provider',
      message: `has a query with {{ ${name} }}, and Rewind fills in ${known}`,
    })),
    ...(isOfOneVersion(providerNameOf(provider), texts)
      ? []
      : [{ key: 'provider', message: 'must be asked for one version, by {{ arm.revision }} or the like' }]),
  ];
}

function missingQueries({ provider, events, total }: WrittenQueries): QueryProblem[] {
  const kind = providerNameOf(provider);
  if (kind === 'lambda') {
    const message = 'is nothing that a function is asked';
    return Object.entries({ events, total }).flatMap(([key, text]) => (text === '' ? [] : { key, message }));
  }
  const needed = kind === 'logs' ? { events } : { events, total };
  return Object.entries(needed).flatMap(([key, text]) =>
    text === '' ? { key, message: `must be ${countedBy[kind]}` } : [],
  );
}

function isOfOneVersion(
  kind: ProviderName,
  { events, total, url, dimensions }: { readonly [key in 'events' | 'total' | 'url' | 'dimensions']: string },
): boolean {
  const areQueries = tellsVersionsApart(events) && tellsVersionsApart(total);
  if (kind === 'prometheus') return areQueries;
  if (kind === 'cloudWatch') return areQueries || tellsVersionsApart(dimensions);
  return kind !== 'http' || tellsVersionsApart(url);
}

const countedBy = {
  cloudWatch: 'the name of a metric whose sum counts',
  prometheus: 'a query that counts',
  logs: 'a condition that lines meet',
  http: 'the place of a number in the answer',
} as const;
