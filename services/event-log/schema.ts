import type { RewindEvent } from '../../state-machines/log/events';

/**
 * An event as it was stored, without what its key says (service, id, occurredAt): in the shape of
 * its schema version.
 */
type StoredFacts = { readonly type: string; readonly [field: string]: unknown };

/**
 * From a schema version to what makes its facts those of the next. What was written is never
 * rewritten.
 */
export type Upcasters = { readonly [schemaVersion: number]: (stored: StoredFacts) => StoredFacts };

/**
 * What is written now. Whoever changes the shape of an event adds one here, and an upcaster from
 * the old version.
 */
export const currentSchemaVersion = 1;

/** One for every version before the current one; version 1 was the first. */
export const upcasters: Upcasters = {};

/**
 * Brings stored facts to the current schema, one version at a time. Pure; throws
 * UnknownSchemaVersionError.
 */
export function upcast(
  stored: StoredFacts,
  schemaVersion: number,
  table: Upcasters = upcasters,
): FactsOf<RewindEvent> {
  let facts = stored;
  for (let version = schemaVersion; version !== currentSchemaVersion; version += 1) {
    const toNext = table[version];
    if (toNext === undefined) throw new UnknownSchemaVersionError(version);
    facts = toNext(facts);
  }
  // Only this log writes items, and every older shape has been brought up to date by now.
  const current: unknown = facts;
  return current as FactsOf<RewindEvent>;
}

/** The item was written by a newer Rewind, or an upcaster is missing. */
class UnknownSchemaVersionError extends Error {
  override readonly name = 'UnknownSchemaVersionError';

  constructor(schemaVersion: number) {
    super(
      `nothing is known of schema version ${schemaVersion}; this Rewind reads up to ${currentSchemaVersion}`,
    );
  }
}

type FactsOf<Event> = Event extends RewindEvent ? Omit<Event, 'service' | 'id' | 'occurredAt'> : never;
