import { counted } from '../../sentences/quantities';
import type { InputCounts } from './history';

/** What became of the notifications that were read, in a line. */
export function inputSummary({ read, folded, duplicates, ignored, invalid }: InputCounts): string {
  const rest = `${duplicates} duplicates, ${ignored} ignored, ${invalid} invalid`;
  return `${counted(read, 'notification')} read: ${folded} folded, ${rest}.\n`;
}
