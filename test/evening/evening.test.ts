import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../infra/local/aws/dynamodb/dynamodb';
import { openOwnTable } from '../fixtures/own-table';
import { type PlayedPart, playEvening } from './evening';
import { eveningPage } from './evening-page';

let table: LocalTable;
let played: PlayedPart[];
beforeAll(async () => {
  table = await openOwnTable();
  played = await playEvening(table);
}, 120_000);
afterAll(() => table?.stop());

describe('the evening', () => {
  it('is what a fresh run of it gives', () => {
    const page = readFileSync(new URL('../../docs/operations/evening.md', import.meta.url), 'utf8');
    expect(eveningPage(played), 'run `npm run docs`').toBe(page);
  });

  it('ends each command with the code that its part is about', () => {
    expect(played.map(({ lines }) => lines.map(({ code }) => code))).toEqual([
      [0],
      [0, 1],
      [0],
      [2, 2, 0],
      [0, 2, 0],
      [0],
      [2],
      [0],
      [0, 0, 0, 0],
    ]);
  });
});
