import * as z from 'zod/mini';
import { nativeSchema } from './native-schema';
import { namesList, policySchema } from './policy-schema';

const glob = z.string({ error: 'must be a glob over cluster/service' }).check(
  z.minLength(1, {
    error: 'must be a glob over cluster/service',
  }),
);

/**
 * Another account, or other regions of the own one, whose notifications are forwarded to this
 * Rewind.
 */
const accountSchema = z.strictObject(
  {
    role: z.optional(
      z
        .string({ error: 'must be the ARN of a role' })
        .check(z.regex(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/, { error: 'must be the ARN of a role' })),
    ),
    externalId: z.optional(
      z.string({ error: 'must be a text' }).check(z.minLength(2, { error: 'must be a text' })),
    ),
    regions: namesList('regions').check(z.minLength(1, { error: 'must name at least one region' })),
  },
  { error: 'must hold regions, and role' },
);

/** How the services of an account are reached. */
export type Account = z.output<typeof accountSchema>;

const accountsSchema = z
  .record(z.string(), accountSchema, { error: 'must hold accounts by their ids' })
  .check(
    z.superRefine((accounts, context) => {
      for (const [id, { role }] of Object.entries(accounts)) {
        if (!/^\d{12}$/.test(id))
          context.addIssue({
            code: 'custom',
            path: [id],
            message: 'must be an account id of twelve digits, in quotes',
          });
        // A role of somewhere else would watch one account and act in another.
        else if (role !== undefined && role.split(':')[4] !== id)
          context.addIssue({
            code: 'custom',
            path: [id, 'role'],
            message: `must be a role of account ${id}`,
          });
      }
    }),
  );
/**
 * What `defaults` and an entry of `services` may set: the keys of a policy, and what is wanted of
 * ECS's own protection.
 */
const settings = { ...policySchema.shape, native: z.optional(nativeSchema) };

const taggableKeys = z.array(z.keyof(policySchema), { error: 'must be a list of keys of a policy' });

/** The policy file as it is written. */
export const policyFileSchema = z.strictObject(
  {
    manage: z.optional(namesList('globs over cluster/service')),
    defaults: z.optional(z.strictObject(settings, { error: 'must hold the keys of a policy' })),
    services: z.optional(
      z.array(
        z.strictObject({ match: glob, ...settings }, { error: 'must hold match and the keys of a policy' }),
        {
          error: 'must be a list of entries with match',
        },
      ),
    ),
    accounts: z.optional(accountsSchema),
    tags: z.optional(taggableKeys),
  },
  { error: 'the file must hold the keys manage, defaults, services, accounts or tags' },
);

/** What stands in a policy file that is none the worse for it. */
export type PolicyContent = z.output<typeof policyFileSchema>;
