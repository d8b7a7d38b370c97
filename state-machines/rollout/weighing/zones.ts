/** What tasks have shown by availability zone, of the first six zones. */
export interface ZoneCounts {
  readonly [zone: string]: ZoneCount;
}

interface ZoneCount {
  readonly running: number;
  readonly failedStarts: number;
  readonly losses: number;
}

const zonesKept = 6;
const nothingThere: ZoneCount = { running: 0, failedStarts: 0, losses: 0 };

/** The counts with more in one zone; null stands for a zone that nobody told. */
export function inZone(zones: ZoneCounts, zone: string | null, more: Partial<ZoneCount>): ZoneCounts {
  if (zone === null) return zones;
  const known = zones[zone];
  if (known === undefined && Object.keys(zones).length >= zonesKept) return zones;
  const { running, failedStarts, losses } = known ?? nothingThere;
  return {
    ...zones,
    [zone]: {
      running: Math.max(0, running + (more.running ?? 0)),
      failedStarts: Math.max(0, failedStarts + (more.failedStarts ?? 0)),
      losses: Math.max(0, losses + (more.losses ?? 0)),
    },
  };
}

/** The zone in which most failed, and what the others show; null where no zone is known. */
export function worstZoneOf(
  zones: ZoneCounts,
): { readonly worst: ZoneCount; readonly elsewhere: ZoneCount } | null {
  const all = Object.values(zones);
  const [worst, ...others] = all.sort((a, b) => failedIn(b) - failedIn(a) || b.running - a.running);
  if (worst === undefined) return null;
  const elsewhere = others.reduce(
    (sum, zone) => ({
      running: sum.running + zone.running,
      failedStarts: sum.failedStarts + zone.failedStarts,
      losses: sum.losses + zone.losses,
    }),
    nothingThere,
  );
  return { worst, elsewhere };
}

/** The counts as if nothing had failed yet. */
export function withoutFailures(zones: ZoneCounts): ZoneCounts {
  const entries = Object.entries(zones).map(([zone, { running }]) => [zone, { ...nothingThere, running }]);
  return Object.fromEntries(entries);
}

function failedIn({ failedStarts, losses }: ZoneCount): number {
  return failedStarts + losses;
}
