import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../../../infra/local/aws/declared/cloudformation';
import { temporaryFiles } from '../rewind';

const files = temporaryFiles();
const npm = (...parameters: string[]) =>
  execFileSync('npm', parameters, {
    cwd: projectFolder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

describe('the package', () => {
  it('R138 installs into an empty folder without scripts or other packages, and runs under both names', () => {
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
  }, 60_000);

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
