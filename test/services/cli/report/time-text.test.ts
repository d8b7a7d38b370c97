import { describe, expect, it } from 'vitest';
import { momentFormat } from '../../../../services/cli/report/page/elements/time-text';

const second = 1000;
const day = 86_400 * second;
const start = Date.UTC(2026, 10, 28, 15, 8);

describe('the ticks of an axis of dates', () => {
  it.each([
    [90 * second, '15:08:00'],
    [3600 * second, '15:08'],
    [3 * day, '11-28 15:08'],
    [40 * day, '2026-11-28'],
  ])('of %s ms are written as finely as they lie: %s', (span, text) => {
    expect(momentFormat(start, start + span, 12)(new Date(start))).toBe(text);
  });
});
