import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import measured from '../../../infra/docs/measured-work.json' with { type: 'json' };
import { dayOf, monthlyCost } from '../../../infra/docs/scale/model';
import { scalePage } from '../../../infra/docs/scale/page';

it('docs/scale.md says what is computed now', () => {
  const page = readFileSync(new URL('../../../docs/scale.md', import.meta.url), 'utf8');
  expect(page, 'stale: run `npm run docs`').toBe(scalePage());
});

it('a month costs next to nothing without services, and grows with them', () => {
  const together = (services: number) =>
    Object.values(monthlyCost(dayOf(services, measured))).reduce((sum, cost) => sum + cost, 0);
  expect(together(0)).toBeLessThan(15);
  expect((together(2000) - together(0)) / (together(1000) - together(0))).toBeCloseTo(2, 1);
});
