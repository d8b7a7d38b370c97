import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../aws/declared/cloudformation';

/** Where `obtainMetricsServer` keeps a server of this clone alone; git does not see it. */
export const metricsServerFolder = path.join(projectFolder, '.rewind', 'metrics-server');

/**
 * A VictoriaMetrics that starts: the one that VICTORIA_METRICS names, an installed one, or one that
 * was obtained for the tests. Null where there is none.
 */
export function findMetricsServer({ VICTORIA_METRICS }: NodeJS.ProcessEnv): string | null {
  const obtained = path.join(metricsServerFolder, 'usr', 'bin', 'victoria-metrics');
  const programs = VICTORIA_METRICS ? [VICTORIA_METRICS] : ['victoria-metrics', obtained];
  return programs.find((program) => spawnSync(program, ['--version']).status === 0) ?? null;
}

/** One sentence on what becomes of the tests that need it, and what helps. */
export const noMetricsServer =
  'There is no VictoriaMetrics, so the tests that ask a real one by PromQL are skipped: install it, or name one in VICTORIA_METRICS.';
