/**
 * Raised with every change that folds the same events into another state: snapshots of another
 * version are dropped.
 */
export const reducerVersion = 26;
