import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';

interface Action {
  readonly runs: { readonly steps: readonly { readonly id?: string; readonly run: string }[] };
}

it('the GitHub action waits with what it was built of itself, and its inputs are words whatever they hold', () => {
  const folder = path.join(projectFolder, 'action');
  const action: Action = parse(readFileSync(path.join(folder, 'action.yml'), 'utf8'));
  const [build, wait] = action.runs.steps;
  expect(build?.run).toBe('npm ci --prefix "$GITHUB_ACTION_PATH/.." --no-audit --no-fund');
  const inputs = { SERVICE: 'prod/web; exit 9', UNTIL: 'judged', TIMEOUT: '2 fortnights', LOGS: '' };
  const others = { DEPLOYMENT: '', TASK_DEFINITION: '', STAGE: '', TABLE: '' };
  const { status, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', wait?.run ?? ''], {
    env: { PATH: process.env.PATH, GITHUB_ACTION_PATH: folder, ...inputs, ...others },
    encoding: 'utf8',
  });
  expect(stderr).toContain('2 fortnights');
  expect(status).toBe(64);
});
