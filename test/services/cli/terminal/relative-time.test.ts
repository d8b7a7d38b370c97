import { afterEach, describe, expect, it } from 'vitest';
import { localTime, timeSpan } from '../../../../services/cli/session/relative-time';
import { momentFrom } from '../../../../services/cli/terminal/time-options';
import { formatInstant, type Instant } from '../../../../state-machines/log/instant';

const instant = (text: string) => Date.parse(text) as Instant;
const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

describe('times for people', () => {
  it('R136 are never negative, however far the clock is off', () => {
    const at = instant('2026-11-28T15:00:00Z');
    expect(timeSpan((at + 300_000) as Instant, at)).toBe('0 s');
    expect(timeSpan(at, (at + 3 * 86_400_000) as Instant)).toBe('3 d');
  });

  it('R136 name the zone, also in the night in which an hour comes twice', () => {
    process.env.TZ = 'Europe/Berlin';
    expect(localTime(instant('2026-10-25T00:30:00Z'))).toBe('2026-10-25 02:30:00 CEST');
    expect(localTime(instant('2026-10-25T01:30:00Z'))).toBe('2026-10-25 02:30:00 CET');
  });

  it('R136 are read in the zone of the machine, and lie on the side that is meant in such a night', () => {
    process.env.TZ = 'Europe/Berlin';
    const now = instant('2026-10-24T20:00:00Z');
    const until = momentFrom('18:00', now, 1);
    expect(until === null ? null : formatInstant(until)).toBe('2026-10-25T17:00:00.000Z');
    const gone = momentFrom('02:30', instant('2026-03-29T05:00:00Z'), -1);
    expect(gone).toBeLessThan(instant('2026-03-29T05:00:00Z'));
  });
});
