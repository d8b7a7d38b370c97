import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperatedAccount, repository } from '../operator/operated-account';

let account: OperatedAccount;
beforeAll(async () => {
  account = await OperatedAccount.start(4);
  account.push('1', { schemaVersion: 2, layers: ['first'] });
  await account.world.deployBad({ crashes: 'at once', breaker: 'none' });
  await account.world.settle();
}, 60_000);
afterAll(() => account?.stop());

/** What a document holds, by name and kind: lists by their first item, texts that vary as text. */
function shapeOf(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[] of ${shapeOf(value[0], indent)}`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const within = `${indent}  `;
  const fields = Object.entries(value).map(
    ([name, one]) => `${within}${name}: ${name === 'schema' ? one : shapeOf(one, within)}`,
  );
  return `{\n${fields.join('\n')}\n${indent}}`;
}

const commands: readonly (readonly [line: string, code: number])[] = [
  ['status prod/web', 0],
  ['history prod/web', 0],
  ['diff prod/web 1 2', 2],
  ['rollback prod/web --list', 2],
  ['wait prod/web', 1],
  ['audit prod/web', 0],
  ['audit --verify --all', 0],
  ['freeze prod/web --until 1h --reason release --yes', 0],
  ['unfreeze prod/web --yes', 0],
  [`deploy prod/web --image ${repository}:1 --commit c0ffee1 --yes`, 0],
  ['rollback prod/web --to 1 --yes', 0],
  ['status nosuch/*', 66],
];

describe('the documents of --format json (R135)', () => {
  it.each(commands)('rewind %s', async (line, code) => {
    const { stdout, stderr, code: ended } = await account.rewind(`${line} --format json`);
    expect(ended, stderr).toBe(code);
    const [verb = ''] = line.split(' ');
    const [, option = ''] = /(--list|--verify|--to|nosuch)/.exec(line) ?? [];
    const document = JSON.parse(code === 66 ? stderr : stdout);
    const name = code === 66 ? 'error' : `${verb}${option.replace('--', '-')}`;
    await expect(`${shapeOf(document)}\n`).toMatchFileSnapshot(`${name}.txt`);
    await account.world.settle();
  });
});
