import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTextTable } from '../../../../services/cli/session/text-table';

const { isTTY, columns } = process.stdout;
const on = (width: number) => Object.assign(process.stdout, { isTTY: true, columns: width });
beforeEach(() => on(60));
afterEach(() => Object.assign(process.stdout, { isTTY, columns }));

const history = [
  ['checkout:1', '✔ proven, a way back', '41be077', '9 min ago', 'Rewind', ''],
  ['checkout:2', '✖ rolled back', 'b1c9e20 Cache the carts', '10 min ago', 'operator', 'too many failed'],
];
const status = [
  ['SERVICE', 'STATE', 'RUNS', 'COMMIT', 'SINCE', 'BY'],
  ['prod/web', '◌ baking, 49 s left', 'web:2', '', '1 min', 'Rewind'],
  ['prod/checkout', '✔ proven', 'checkout:1', '41be077', '1 h', 'operator'],
];

describe('R134 a table on a terminal that is too narrow', () => {
  it('moves closer together, and folds what is told last, without an empty line', () => {
    expect(
      formatTextTable(history, { indent: 2, yields: 2, foldsLast: true }).join('\n').split('\n'),
    ).toEqual([
      '  checkout:1 ✔ proven, a way back 41be077         9 min ago',
      '      Rewind',
      '  checkout:2 ✖ rolled back        b1c9e20 Cache … 10 min ago',
      '      operator',
      '      too many failed',
    ]);
  });

  it('leaves columns out from the right, and none with the rest of a word', () => {
    expect(formatTextTable(status, { indent: 0, yields: 3 })).toEqual([
      'SERVICE       STATE               RUNS       COMMIT  SINCE',
      'prod/web      ◌ baking, 49 s left web:2              1 min',
      'prod/checkout ✔ proven            checkout:1 41be077 1 h',
    ]);
    on(80);
    expect(formatTextTable(status, { indent: 0, yields: 3 })[2]).toBe(
      'prod/checkout  ✔ proven             checkout:1  41be077  1 h    operator',
    );
  });
});
