import { formatInstant, type Instant } from '../../log/instant';
import type { OperatorActed } from '../../log/observed-events';
import type { FreezeScope } from '../../log/operator/operator-act';

/** Somebody has said that nothing shall be changed. */
export interface Freeze {
  readonly scope: FreezeScope;
  readonly since: Instant;
  /** Null: until somebody lifts it. */
  readonly until: Instant | null;
  readonly by: string | null;
  readonly reason: string | null;
}

export function freezeBy({ freezes = 'all', until, by, reason, occurredAt }: OperatorActed): Freeze {
  return { scope: freezes, since: occurredAt, until: until ?? null, by, reason };
}

/** What keeps rollbacks or deployments from being made now; null where nothing does. */
export function freezeOf(
  { freeze }: { readonly freeze?: Freeze },
  held: Exclude<FreezeScope, 'all'>,
  now: Instant,
): Freeze | null {
  if (freeze === undefined || (freeze.until !== null && freeze.until <= now)) return null;
  return freeze.scope === 'all' || freeze.scope === held ? freeze : null;
}

/** Who holds the service still, until when and why, as a sentence. */
export function describeFreeze({ by, until, reason }: Freeze): string {
  const end = until === null ? 'until somebody lifts that' : `until ${formatInstant(until)}`;
  const why = reason === null ? '' : `: "${reason}"`;
  return `the service is frozen by ${by ?? 'an unknown caller'} ${end}${why}`;
}
