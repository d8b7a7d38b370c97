// What few wake-ups need: each is loaded when it is first used, and no cold start waits for it.
import type { Measurements } from '../../aws/measurements/measurements';
import type { ReleaseTests } from '../../aws/tests/release-tests';
import type { Config } from '../config';

export function measurementsOf(config: Config): Measurements {
  const part = once(async () => (await import('./measuring-clients')).accountMeasurements(config));
  return {
    plan: async (...asked) => (await part()).plan(...asked),
    read: async (...asked) => (await part()).read(...asked),
  };
}

/** What runs tests; nothing where Rewind only observes. */
export function testsOf(config: Config): ReleaseTests | null {
  if (config.mode === 'observe') return null;
  const part = once(async () => (await import('./test-clients')).accountTests(config));
  return {
    begin: async (...asked) => (await part()).begin(...asked),
    look: async (...asked) => (await part()).look(...asked),
    stop: async (...asked) => (await part()).stop(...asked),
  };
}

function once<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loaded: Promise<Part> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
