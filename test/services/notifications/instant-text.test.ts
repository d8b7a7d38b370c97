import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../../services/notifications/instant-text';

describe('a time as AWS writes it', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.98Z', '2026-01-31T12:00:00.980Z'],
    ['2026-01-31T12:00:00.618059641Z', '2026-01-31T12:00:00.618Z'],
    ['2026-01-31T12:00:00.9999Z', '2026-01-31T12:00:00.999Z'],
    ['2019-10-02T17:04:40.985+0000', '2019-10-02T17:04:40.985Z'],
    ['2026-01-31T12:00:00+00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00-0530', '2026-01-31T17:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseInstant(text)).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'now',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-02-31T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '1969-12-31T23:59:59Z',
    '9999-01-01T00:00:00Z',
    '2026-01-31T12:00:00.1234567890Z',
    'Feb 20, 2026, 1:02:03 PM',
    '2026-01-31T12:00:60Z',
    '2026-01-31T1a:00:00Z',
    '2026-01-31T12:00:00.Z',
    '2026-01-31T12-00-00Z',
  ])('%j is none', (text) => {
    parseInstant('2026-01-31T12:00:00Z');
    expect(() => parseInstant(text)).toThrow('is not a time');
  });

  it('is the same instant as the calendar has it, in any order of days', () => {
    const moment = fc.integer({ min: 0, max: 9_999_000_000_000 });
    const days = fc.array(moment, { minLength: 1, maxLength: 3 });
    const digits = fc.integer({ min: 3, max: 9 });
    const property = fc.property(days, fc.array(fc.nat(86_399_999)), digits, (starts, times, length) => {
      for (const [index, time] of times.entries()) {
        const day = new Date(starts[index % starts.length] as number).toISOString().slice(0, 11);
        const within = new Date(time)
          .toISOString()
          .slice(11, -1)
          .padEnd(9 + length, '9');
        const text = `${day}${within}Z`;
        expect(parseInstant(text)).toBe(Date.parse(`${day}${within.slice(0, 12)}Z`));
      }
    });
    fc.assert(property);
  });
});
