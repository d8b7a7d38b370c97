import type { RunRecord } from '../world/run-record';

/**
 * Judges a run by what happened in it, and knows nothing of the code that did it. Pure. A sentence
 * for each thing that should not be; none when all is well.
 */
export type Oracle = (record: RunRecord) => readonly string[];
