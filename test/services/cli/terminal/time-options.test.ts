import { describe, expect, it } from 'vitest';
import { momentFrom, parsePast } from '../../../../services/cli/terminal/time-options';
import { instantFrom } from '../../../../state-machines/log/instant';

const noon = instantFrom(new Date(2026, 0, 31, 12).getTime());
const minute = 60_000;

describe('a time of the command line', () => {
  it.each([
    ['7d', new Date(2026, 0, 24, 12)],
    ['90m', new Date(2026, 0, 31, 10, 30)],
    ['11:59', new Date(2026, 0, 31, 11, 59)],
    ['12:00:30', new Date(2026, 0, 30, 12, 0, 30)],
    ['2026-01-30', new Date(2026, 0, 30)],
    ['2026-01-31T12:00:00Z', new Date(Date.UTC(2026, 0, 31, 12))],
  ])('%s is one gone by, where that is asked for', (text, expected) => {
    expect(momentFrom(text, noon, -1)).toBe(expected.getTime());
  });

  it('is one to come, where that is asked for', () => {
    expect(momentFrom('11:59', noon, 1)).toBe(noon + 1439 * minute);
    expect(momentFrom('2h', noon, 1)).toBe(noon + 120 * minute);
  });

  it.each(['2026-02-31', '25:00', '12:60', 'yesterday', '-5m', ''])('is not %j', (text) => {
    expect(() => parsePast(text)).toThrow('It is a time such as');
  });
});
