import type { createColors } from 'picocolors';

/** The colours of a terminal's output. Where there are none, each leaves its text as it is. */
export type Colours = ReturnType<typeof createColors>;
