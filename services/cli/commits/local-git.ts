import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

/** A commit that the repository of this folder holds. */
interface LocalCommit {
  readonly sha: string;
  /** The first line of its message: foreign text. */
  readonly subject: string;
}

/** A longer one is cut: it stands in a table. */
const subjectLength = 200;

/**
 * Nothing that a repository's own configuration names is run, nothing is asked and nothing is
 * fetched: objects are read, and that is all.
 */
const safeOptions = [
  '--no-pager',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never'].flatMap((set) => [
    '-c',
    set,
  ]),
];
const safeVariables = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};
const millisecondsAtMost = 20_000;

/**
 * Finds commits in the repository of a folder, by the names that they were asked for. What it does
 * not hold (a shallow clone, another repository, none at all, no git) is left out.
 */
export async function localCommits(
  shas: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, LocalCommit>> {
  const asked = [...new Set(shas)].filter((sha) => /^[\da-f]{7,40}$/.test(sha));
  if (asked.length === 0) return new Map();
  const answer = await askGit(asked.map((sha) => `${sha}^{commit}\n`).join(''), folder);
  return answer === null ? new Map() : commitsIn(answer, asked);
}

async function askGit(input: string, folder: string): Promise<Buffer | null> {
  const git = spawn('git', [...safeOptions, 'cat-file', '--batch'], {
    cwd: folder,
    env: { ...process.env, ...safeVariables },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: millisecondsAtMost,
    windowsHide: true,
  });
  const ended = new Promise<boolean>((resolve) => {
    git.once('error', () => resolve(false));
    git.once('close', (code) => resolve(code === 0));
  });
  // It may have ended before it was asked: then there is no answer.
  git.stdin.on('error', () => {});
  git.stdin.end(input);
  const [output, isAnswered] = await Promise.all([buffer(git.stdout), ended]);
  return isAnswered ? output : null;
}

/** An answer for each in turn: `SHA commit SIZE` and the object, or a line that says why not. */
function commitsIn(answer: Buffer, asked: readonly string[]): Map<string, LocalCommit> {
  const commits = new Map<string, LocalCommit>();
  let at = 0;
  for (const name of asked) {
    const end = answer.indexOf('\n', at);
    if (end === -1) break;
    const [, sha, size] = /^([\da-f]{40}) commit (\d+)$/.exec(answer.toString('latin1', at, end)) ?? [];
    at = end + 1;
    if (sha === undefined) continue;
    const text = answer.toString('utf8', at, at + Number(size));
    commits.set(name, { sha, subject: subjectOf(text) });
    at += Number(size) + 1;
  }
  return commits;
}

/** The first paragraph behind the headers, as git takes it. */
function subjectOf(commit: string): string {
  const message = commit.slice(commit.indexOf('\n\n') + 2).replace(/^\n+/, '');
  const [first = ''] = message.split('\n\n');
  return first.trim().replaceAll('\n', ' ').slice(0, subjectLength);
}
