import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { foundCommits } from '../../../../services/cli/commits/found-commits';
import { localCommits } from '../../../../services/cli/commits/local-git';
import { commitInTagOf, commitOfPipeline, commitToldBy } from '../../../../services/cli/commits/told-commit';

const folder = () => mkdtempSync(path.join(tmpdir(), 'rewind-git-'));

function git(cwd: string, ...parameters: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...parameters], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A repository with commits of these messages; their names, the first one first. */
function repository(messages: readonly string[]): { readonly cwd: string; readonly shas: string[] } {
  const cwd = folder();
  git(cwd, 'init', '--quiet');
  const shas = messages.map((message) => {
    git(cwd, 'commit', '--quiet', '--allow-empty', '-m', message);
    return git(cwd, 'rev-parse', 'HEAD');
  });
  return { cwd, shas };
}

describe('the repository of a folder', () => {
  it('tells the subjects of commits, however short their names, and nothing of others', async () => {
    const { cwd, shas } = repository(['Retry payments\non 502\n\nWhy: they time out', 'Log order ids']);
    const [first = '', second = ''] = shas;
    const unknown = 'deadbee1';
    const commits = await localCommits([second.slice(0, 10), unknown, first, '--help'], cwd);
    expect([...commits]).toEqual([
      [second.slice(0, 10), { sha: second, subject: 'Log order ids' }],
      [first, { sha: first, subject: 'Retry payments on 502' }],
    ]);
  });

  it('R127 tells nothing where there is none, where the clone is shallow or the repository is bare', async () => {
    const { cwd, shas } = repository(['one', 'two']);
    const [first = '', second = ''] = shas;
    expect(await localCommits([first], folder())).toEqual(new Map());
    const shallow = folder();
    git(shallow, 'clone', '--quiet', '--depth', '1', `file://${cwd}`, '.');
    expect([...(await localCommits([first, second], shallow)).keys()]).toEqual([second]);
    const bare = folder();
    git(bare, 'clone', '--quiet', '--bare', `file://${cwd}`, '.');
    expect([...(await localCommits([first], bare)).keys()]).toEqual([first]);
  });

  it('R127 runs no program that its configuration names, and fetches nothing', async () => {
    const { cwd, shas } = repository(['one']);
    const [sha = ''] = shas;
    const trace = path.join(cwd, 'was-run');
    const program = path.join(cwd, 'hostile.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
    for (const name of ['core.pager', 'pager.cat-file', 'diff.external', 'core.fsmonitor', 'gpg.program']) {
      git(cwd, 'config', name, program);
    }
    git(cwd, 'config', 'log.showSignature', 'true');
    git(cwd, 'config', 'remote.origin.url', `ext::${program}`);
    git(cwd, 'config', 'remote.origin.promisor', 'true');
    git(cwd, 'config', 'extensions.partialClone', 'origin');
    const absent = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
    expect([...(await localCommits([absent, sha], cwd)).keys()]).toEqual([sha]);
    expect(existsSync(trace)).toBe(false);
  });

  it('R126 keeps a hostile subject as it is, on one line and cut', async () => {
    const hostile = `\u001b[2J\${HOME} 🎉 ${'x'.repeat(10_000)}`;
    const { cwd, shas } = repository([hostile]);
    const [commit] = (await localCommits(shas, cwd)).values();
    expect(commit?.subject).toBe(hostile.slice(0, 200));
  });
});

describe('a commit', () => {
  it('is found in the tags that people use, and never guessed from a number or a word', () => {
    const found = (tag: string) => commitInTagOf(`shop/web:${tag}`)?.sha ?? null;
    expect(
      [
        '9f31c2d',
        'sha-9f31c2d',
        'main-9F31C2D-1700000000',
        'v1.2.3-14-g2414721a',
        '9f31c2d5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      ].map(found),
    ).toEqual(['9f31c2d', '9f31c2d', '9f31c2d', '2414721a', '9f31c2d5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']);
    expect(['latest', '20261129', 'v1.2.3', 'build-1234567', 'deadbeef', 'release-42'].map(found)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
    expect(commitInTagOf('localhost:5000/shop')).toBeNull();
  });

  it('is told by labels, variables and tags of a task definition, whatever its tag says', () => {
    const sha = '9f31c2d5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const container = { name: 'app', image: 'shop/web:latest' };
    const told = [
      {
        containerDefinitions: [{ ...container, dockerLabels: { 'org.opencontainers.image.revision': sha } }],
      },
      { containerDefinitions: [{ ...container, environment: [{ name: 'GIT_SHA', value: sha }] }] },
      { containerDefinitions: [container], tags: [{ key: 'git-commit', value: sha }] },
    ];
    for (const one of told) {
      expect(commitToldBy({ family: 'web', ...one })).toEqual({ sha, from: 'task definition' });
    }
    const secret = { ...container, environment: [{ name: 'GIT_SHA', value: 'no commit' }] };
    expect(commitToldBy({ family: 'web', containerDefinitions: [secret] })).toBeNull();
  });

  it('is that of the pipeline, but of none that works on a pull request', () => {
    expect(commitOfPipeline({ GITHUB_SHA: '9f31c2d5' })).toEqual({ sha: '9f31c2d5', from: 'environment' });
    expect(commitOfPipeline({ GITHUB_SHA: '9f31c2d5', GITHUB_EVENT_NAME: 'pull_request' })).toBeNull();
    expect(commitOfPipeline({ CI_COMMIT_SHA: '9f31c2d5' })?.sha).toBe('9f31c2d5');
  });

  it('is told by the other tags of its image, and never another one than was told', async () => {
    const { cwd, shas } = repository(['Log order ids']);
    const [sha = ''] = shas;
    const image = {
      digest: 'sha256:1',
      tags: ['latest', `sha-${sha}`],
      pushedAt: null,
      isArchived: false,
      revision: null,
    };
    const base = { record: null, described: null };
    const name = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:latest';
    const untold = { ...image, tags: ['latest'], digest: `sha256:${'2'.repeat(64)}` };
    const revisions = [
      { ...base, images: [{ name, answer: image }] },
      { ...base, images: [{ name, answer: { ...image, tags: ['latest'], revision: 'c0ffee12' } }] },
      { ...base, images: [{ name, answer: 'unknown' as const }] },
      { ...base, images: [{ name, answer: untold }] },
      { ...base, images: [] },
    ];
    const labelOf = async (asked: string) => (asked.endsWith(untold.digest) ? 'facade12' : 'deadbee1');
    expect(await foundCommits(revisions, { labelOf, folder: cwd })).toEqual([
      { sha, subject: 'Log order ids', from: 'registry' },
      { sha: 'c0ffee12', subject: null, from: 'registry' },
      null,
      { sha: 'facade12', subject: null, from: 'registry' },
      null,
    ]);
  });
});
