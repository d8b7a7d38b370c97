import type { Freeze } from '../../../../state-machines/service/operator/freeze';
import { localTime } from '../relative-time';

/** Who holds a service still, until when and why, in the time of whoever reads it. */
export function freezeWords({ by, until, reason }: Freeze): string {
  const end = until === null ? 'until somebody lifts that' : `until ${localTime(until)}`;
  return `frozen by ${by ?? 'an unknown caller'} ${end}${reason === null ? '' : `: "${reason}"`}`;
}
