import { describe, expect, it } from 'vitest';
import { detectionSeconds, recordedFailures } from './detection-times';

describe("the circuit breaker's time to find a failure", () => {
  it.each(recordedFailures)('of tasks with: $name, is that of AWS give or take a third', (failure) => {
    const times = Array.from({ length: 50 }, (_, seed) => detectionSeconds(failure, seed + 1));
    const sorted = times.sort((one, other) => one - other).map(Math.round);
    const ratio = (sorted[25] ?? 0) / failure.recordedSeconds;
    expect(ratio).toBeGreaterThan(2 / 3);
    expect(ratio).toBeLessThan(4 / 3);
  });
});
