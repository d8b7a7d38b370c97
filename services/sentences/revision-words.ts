import type { Images } from '../../state-machines/log/way-back';

interface Revision {
  readonly serviceRevision?: string | null | undefined;
  readonly images?: Images | null | undefined;
}

/** Enough of a digest to find it. */
const digestCharacters = 19;

/**
 * ` (service revision 123, app sha256:0123456789ab)`: what is known of a way back; else nothing.
 */
export function revisionWords({ serviceRevision, images }: Revision): string {
  const revision =
    serviceRevision == null
      ? []
      : [`service revision ${serviceRevision.slice(serviceRevision.lastIndexOf('/') + 1)}`];
  const digests = Object.entries(images ?? {}).map(
    ([container, digest]) => `${container} ${digest.slice(0, digestCharacters)}`,
  );
  const known = [...revision, ...digests];
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}
