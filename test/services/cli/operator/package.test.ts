import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../../../infra/local/aws/declared/cloudformation';
import { verbs } from '../../../../services/cli/verbs';
import { temporaryFiles } from '../rewind';

const files = temporaryFiles();
const npm = (...parameters: string[]) =>
  execFileSync('npm', parameters, {
    cwd: projectFolder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

async function helpOf(name: string) {
  const loaded = files.write(`loaded-by-${name}`, '');
  const hook = new URL('loaded-files.mjs', import.meta.url).href;
  const binary = path.join(files.path, 'node_modules/ecs-rewind/services/cli/rewind.mjs');
  const { stdout: help } = await promisify(execFile)(
    process.execPath,
    ['--import', hook, binary, name, '--help'],
    { cwd: files.path, env: { ...process.env, LOADED: loaded } },
  );
  const urls = readFileSync(loaded, 'utf8').trim().split('\n');
  const loadedBytes = urls.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
  return { name, help, loadedBytes };
}

describe('the package', () => {
  it('R138 installs into an empty folder without scripts or other packages, and runs under both names', async () => {
    const [packed] = JSON.parse(npm('pack', '--json', '--pack-destination', files.path)) as [
      { filename: string; size: number; files: { path: string }[] },
    ];
    expect(packed.size).toBeLessThan(3_000_000);
    expect(packed.files.filter((file) => /(^|\/)test|\.ts$|infra/.test(file.path))).toEqual([]);
    const tarball = path.join(files.path, packed.filename);
    npm(
      'install',
      '--prefix',
      files.path,
      '--ignore-scripts',
      '--offline',
      '--no-audit',
      '--no-fund',
      tarball,
    );
    const listed = npm('ls', '--prefix', files.path, '--all', '--parseable').trim().split('\n');
    expect(listed.slice(1).map((folder) => path.basename(folder))).toEqual(['ecs-rewind']);
    for (const name of ['rewind', 'ecs-rewind']) {
      const binary = path.join(files.path, 'node_modules/.bin', name);
      const help = execFileSync(binary, ['wait', '--help'], { cwd: files.path, encoding: 'utf8' });
      expect(help).toMatch(/^Usage: rewind wait \[options\] <SERVICE>/);
    }
    const helps = await Promise.all(verbs.map(({ name }) => helpOf(name)));
    for (const { name, help } of helps) expect(help).toMatch(new RegExp(`^Usage: rewind ${name} `));
    // What a help loads decides its time: `npm run bench help` compares that with bare Node.
    const heavy = helps.filter(({ loadedBytes }) => loadedBytes > 300_000);
    expect(heavy.map(({ name, loadedBytes }) => `${name} loads ${loadedBytes} bytes`)).toEqual([]);
  }, 180_000);

  it("R139 no page and no hint runs a stranger's package of the name rewind", () => {
    const tracked = execFileSync('git', ['ls-files', 'README.md', 'docs', 'services', 'infra', 'action'], {
      cwd: projectFolder,
      encoding: 'utf8',
    });
    const told = tracked
      .trim()
      .split('\n')
      .filter((file) => /\.(md|ts|mjs|ya?ml)$/.test(file))
      .filter((file) =>
        /npx (?:-y |--yes )?rewind\b/.test(readFileSync(path.join(projectFolder, file), 'utf8')),
      );
    expect(told).toEqual([]);
  });
});
