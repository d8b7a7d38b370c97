import { describe, expect, it } from 'vitest';
import { JsonValues } from '../../../../services/cli/input/json-values';
import type { Found } from '../../../../services/cli/input/scan/found';

const a = { id: 'a', text: 'a "quoted" {brace] \\', list: [{ x: 1 }, [2]] };
const b = { id: 'b', events: 'not a list' };
const c = { id: 'ć' };
const lineOf = (value: unknown) => JSON.stringify(value);
const pretty = (value: unknown, indent: string | number = 2) => JSON.stringify(value, null, indent);

describe('the values of an input', () => {
  it.each([
    ['lines', `${lineOf(a)}\n${lineOf(b)}\n\n${lineOf(c)}\n`],
    ['lines without a last line break', `${lineOf(a)}\n${lineOf(b)}\n${lineOf(c)}`],
    [
      'lines that end as on Windows, behind a byte order mark',
      `\ufeff${lineOf(a)}\r\n${lineOf(b)}\r\n${lineOf(c)}\r\n`,
    ],
    ['documents that follow each other', `${pretty(a)}\n${pretty(b)}${pretty(c, '\t')}`],
    ['a list in one line', lineOf([a, b, c])],
    ['a list over many lines', pretty([a, b, c])],
    ['a list, an element a line', `[\n${[a, b, c].map(lineOf).join(',\n')}\n]\n`],
    [
      'a page of log events',
      pretty({ events: [a, b, c], searchedLogStreams: [{ x: [] }], nextToken: 'x' }, 4),
    ],
    [
      'pages of log events, a line each',
      `${lineOf({ events: [a, b] })}\n${lineOf({ n: 1, events: [c], m: {} })}\n`,
    ],
    [
      'pages that follow each other',
      `${pretty({ events: [a] })}\n${pretty({ events: [] })}\n${pretty({ events: [b, c] })}`,
    ],
  ])('are found in %s, wherever its chunks end', (_, text) => {
    for (const size of [1, 2, 7, 64, 100_000]) {
      expect(read(text, size).map((found) => ('value' in found ? found.value : found))).toEqual([a, b, c]);
    }
  });

  it.each([
    ['a list', (records: readonly string[]) => `[${records.join(',')}]`],
    ['a page of log events', (records: readonly string[]) => `{"events":[${records.join(',')}]}`],
    ['values without anything between them', (records: readonly string[]) => records.join('')],
  ])('are found behind one that was cut off, in %s on one line', (_, written) => {
    const record = (id: string) =>
      lineOf({ version: '0', id, detail: { text: `a "quoted" ${id}`, list: [1] } });
    const [first, cut, ...others] = ['1', '2', '3', '4'].map(record);
    for (let length = 1; length < (cut ?? '').length; length += 3) {
      const text = written([first ?? '', (cut ?? '').slice(0, length), ...others]);
      for (const size of [1, 7, 100_000]) {
        const found = read(text, size);
        const values = found.flatMap((one) => ('value' in one ? [(one.value as { id?: string }).id] : []));
        expect(
          values.filter((id) => id !== undefined),
          `${length}, ${size}`,
        ).toEqual(['1', '3', '4']);
        expect(found.length, `${length}, ${size}`).toBeGreaterThan(3);
      }
    }
  });

  it('know the line that each starts at', () => {
    const text = `\n${lineOf(a)}\n{\n"id": "x"\n}\n\n[\n${lineOf(b)},\n${lineOf(c)}]`;
    for (const size of [1, 1000]) expect(read(text, size).map(({ line }) => line)).toEqual([2, 3, 8, 9]);
  });
});

describe('garbage', () => {
  it.each([
    ['a line that is no JSON', 'what is this?'],
    ['a line of a log', '[2026-01-01 12:00:00] INFO started]'],
    ['a line with a bad value', '{"id": oops}'],
    ['a line cut off within a text', lineOf(a).slice(0, 14)],
    ['a line cut off behind a key', '{"id":'],
    ['a line cut off behind a comma', '{"id":"x",'],
    ['a line cut off behind a value', '{"id":"x"'],
    ['a line cut off within a list', '{"list":[{"x":1},'],
    ['a document cut off in its middle', pretty(a).split('\n').slice(0, 4).join('\n')],
    ['a document with a mistake in it', pretty(a).replace('"x": 1', '"x": oops')],
    ['a line with a closing brace too many', '}'],
    ['an unfinished object', '{'],
    ['very deep nesting', '{"a":'.repeat(100)],
  ])('costs no good line: %s', (_, bad) => {
    for (const size of [1, 13, 100_000]) {
      const found = read(`${lineOf(a)}\n${bad}\n${lineOf(b)}\n${lineOf(c)}\n`, size);
      expect(found.filter(({ kind }) => kind === 'garbage')).toEqual([
        { kind: 'garbage', line: 2, because: 'this is not JSON' },
      ]);
      expect(found.flatMap((each) => ('value' in each ? [each.value] : []))).toEqual([a, b, c]);
    }
  });

  it('within a pretty list costs no good element', () => {
    const text = pretty([a, b, c]).replace('"b"', 'oops');
    const found = read(text);
    expect(found.map(({ kind }) => kind)).toEqual(['value', 'garbage', 'value']);
  });

  it('is the end of an input that was cut off', () => {
    const cut = { kind: 'garbage', line: 2, because: 'the input ends in the middle of this value' };
    expect(read(`${lineOf(a)}\n${lineOf(b).slice(0, -5)}`).at(-1)).toEqual(cut);
    expect(read(`[${lineOf(a)},\n${lineOf(b)}`)).toHaveLength(3);
    expect(read(`${pretty(a).slice(0, -4)}`)).toMatchObject([{ kind: 'garbage', line: 1 }]);
  });

  it('is one thing a line, and every line its own', () => {
    expect(read('no\nnot this\n{oops} } x\n').map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('longer than any value is given up', () => {
    const found = read(`{"a":"${'x'.repeat(5_000_000)}"}\n${lineOf(a)}`, 100_000);
    expect(found).toMatchObject([
      { kind: 'garbage', because: 'this value is longer than 4 MiB' },
      { value: a },
    ]);
  });
});

describe('a value that is no object', () => {
  it('is a value nevertheless', () => {
    expect(
      read('42\n"text"\nnull\n[1, "a,b", true]').map((found) => 'value' in found && found.value),
    ).toEqual([42, 'text', null, 1, 'a,b', true]);
  });
});

function read(text: string, chunkSize = 100_000): Found[] {
  const values = new JsonValues();
  const bytes = Buffer.from(text);
  const found: Found[] = [];
  for (let start = 0; start < bytes.length; start += chunkSize) {
    found.push(...values.push(bytes.subarray(start, start + chunkSize)));
  }
  return [...found, ...values.end()];
}
