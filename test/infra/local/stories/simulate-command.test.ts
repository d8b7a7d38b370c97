import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addSimulateCommand } from '../../../../services/cli/simulate/simulate-command';
import { translate } from '../../../../services/notifications/translate';

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulate-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const scenario = (name: string) =>
  fileURLToPath(new URL(`../../../../docs/scenarios/${name}.yml`, import.meta.url));

async function simulate(...words: string[]): Promise<string> {
  const program = new Command('rewind').exitOverride().configureOutput({ writeErr: () => {} });
  addSimulateCommand(program);
  printed = '';
  await program.parseAsync(['simulate', ...words], { from: 'user' });
  return printed;
}

const byRewind = /^\d:\S+ +Rewind /m;

describe('rewind simulate', () => {
  it('prints what the story is about, its timeline, and the end of each rollout', async () => {
    const lines = (await simulate(scenario('crash-loop-circuit-breaker'))).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^The same revision that exits at once/);
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^web:1 +SUCCESSFUL +after 0:01:\d\d$/),
      expect.stringMatching(
        /^web:2 +ROLLBACK_SUCCESSFUL +after 0:01:\d\d +Service deployment rolled back because/,
      ),
    ]);
  });

  it('writes notifications that Rewind understands, one a line', async () => {
    const out = path.join(folder, 'events.jsonl');
    await simulate(scenario('blue-green-hook'), '--out', out);
    const kinds = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => translate(JSON.parse(line)).kind);
    expect(kinds.length).toBeGreaterThan(50);
    expect(kinds).toContain('event');
    expect(kinds).not.toContain('invalid');
  });

  it('tells the same story for the same seed, and has Rewind in it as it is told to', async () => {
    const one = await simulate(scenario('crash-loop-unprotected'), '--seed', '5');
    expect(await simulate(scenario('crash-loop-unprotected'), '--seed', '5')).toBe(one);
    expect(one).not.toMatch(byRewind);
    expect(await simulate(scenario('crash-loop-unprotected'), '--seed', '5', '--rewind')).toMatch(byRewind);
    expect(await simulate(scenario('late-crash'), '--no-rewind')).not.toMatch(byRewind);
  });

  it('ends with one sentence where the scenario cannot be read or is wrong, or the file not written', async () => {
    const wrong = path.join(folder, 'wrong.yml');
    writeFileSync(wrong, 'about: x\nminutes: 5\nservices: [{ name: web, colour: green }]\n');
    await expect(simulate(wrong)).rejects.toMatchObject({
      exitCode: 65,
      message: expect.stringMatching(/wrong\.yml, line 3: services\[0\]\.colour is not a key/),
    });
    await expect(simulate(path.join(folder, 'none.yml'))).rejects.toMatchObject({ exitCode: 66 });
    const out = path.join(folder, 'none', 'events.jsonl');
    await expect(simulate(scenario('crash-loop-unprotected'), '--out', out)).rejects.toMatchObject({
      exitCode: 69,
    });
    await expect(simulate(scenario('crash-loop-unprotected'), '--speed', 'fast')).rejects.toThrow(
      'It is a number above 0.',
    );
  });
});
