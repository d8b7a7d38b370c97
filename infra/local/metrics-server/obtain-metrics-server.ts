import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findMetricsServer, metricsServerFolder, noMetricsServer } from './find-metrics-server';

const run = promisify(execFile);

/**
 * Run by npm before `test`: unpacks Debian's VictoriaMetrics into this clone where apt has it, or
 * says what is without one. Nothing is installed, and no right of root is needed.
 */
if (findMetricsServer(process.env) === null) {
  process.stderr.write("the tests of metrics ask a VictoriaMetrics: trying Debian's package …\n");
  // Its absence is said below, whatever went wrong.
  await obtainDebianPackage().catch(() => {});
  if (findMetricsServer(process.env) === null) process.stderr.write(`${noMetricsServer}\n`);
}

async function obtainDebianPackage(): Promise<void> {
  const options = { cwd: metricsServerFolder, timeout: 120_000 };
  await mkdir(metricsServerFolder, { recursive: true });
  await run('apt-get', ['-qq', 'download', 'victoria-metrics'], options);
  const [archive] = (await readdir(metricsServerFolder)).filter((name) => name.endsWith('.deb'));
  if (archive === undefined) return;
  await run('dpkg-deb', ['-x', archive, '.'], options);
  await rm(path.join(metricsServerFolder, archive));
}
