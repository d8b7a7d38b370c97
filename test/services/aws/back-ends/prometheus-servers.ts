import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import {
  findMetricsServer,
  noMetricsServer,
} from '../../../../infra/local/metrics-server/find-metrics-server';
import { prometheusBackEnd } from '../../../../services/aws/measurements/back-ends/prometheus-back-end';
import { AnsweringServer } from './answering-server';
import { metricOf, type ToldBackEnd } from './contract';
import { requests, versions, windows } from './served-requests';
import { identity } from './told-back-ends';

const increase = (selector: string) => `sum(increase(http_requests_total{${selector}}[{{ window }}]))`;

/** Both queries of the application's own counter, by the label that tells its version. */
function counterAt(address: string) {
  const own = 'service="web",TaskRevision="{{ arm.revision }}"';
  return metricOf({
    provider: { prometheus: { address } },
    events: increase(`${own},code="500"`),
    total: increase(own),
  });
}

/**
 * What an application exposes of the requests that it has answered so far, scraped every 15 s: its
 * counters begin with 0.
 */
function scrapes(): string {
  const [from, until] = [(windows[0] ?? 0) - 120_000, windows.at(-1) ?? 0];
  const lines: string[] = [];
  for (const version of versions) {
    const revision = version.taskDefinition.split(':')[1];
    for (const code of ['200', '500']) {
      const own = requests.filter((one) => one.version === version && one.isError === (code === '500'));
      for (let at = from; at <= until; at += 15_000) {
        const count = own.filter((one) => one.at < at).length;
        lines.push(
          `http_requests_total{service="web",TaskRevision="${revision}",code="${code}"} ${count} ${at}`,
        );
      }
    }
  }
  return lines.join('\n');
}

/** A real VictoriaMetrics, which is given scrapes with the times of the story. */
export async function victoriaMetricsTold(): Promise<ToldBackEnd> {
  const program = findMetricsServer(process.env);
  if (program === null) throw new Error(noMetricsServer);
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'rewind-metrics-'));
  const options = {
    storageDataPath: folder,
    httpListenAddr: `127.0.0.1:${port}`,
    retentionPeriod: '100y',
    'search.latencyOffset': '0s',
    'search.disableCache': 'true',
    'memory.allowedBytes': '64MB',
  };
  const server = spawn(
    program,
    Object.entries(options).map(([name, value]) => `-${name}=${value}`),
  );
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  await hasStarted(server.stderr, address);
  const imported = await fetch(`${address}/api/v1/import/prometheus`, { method: 'POST', body: scrapes() });
  const shown = await fetch(`${address}/internal/force_flush`);
  if (!imported.ok || !shown.ok) throw new Error(`VictoriaMetrics takes no scrapes: ${imported.status}`);
  return { backEnd: prometheusBackEnd(identity), metric: counterAt(address), breakDown: stop, stop };
}

/** It says so a little before it listens. */
async function hasStarted(output: NodeJS.ReadableStream, address: string): Promise<void> {
  for await (const line of createInterface({ input: output })) if (line.includes('pprof handlers')) break;
  output.resume();
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const answer = await fetch(`${address}/health`).catch(() => null);
    if (answer?.ok === true) return;
    await setImmediate();
  }
  throw new Error('VictoriaMetrics does not listen');
}

const triesAtMost = 2000;

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A server that speaks as Prometheus does, of counters that it evaluates exactly. */
export async function prometheusTold(): Promise<ToldBackEnd> {
  const server = await AnsweringServer.start(({ body }) => {
    const form = new URLSearchParams(body);
    const [query, start, end] = [form.get('query') ?? '', Number(form.get('start')), Number(form.get('end'))];
    const revision = /TaskRevision="(\d+)"/.exec(query)?.[1];
    const values: [number, string][] = [];
    for (let at = start; at <= end; at += Number(form.get('step'))) {
      const counted = requests.filter(
        (one) =>
          one.version.taskDefinition === `web:${revision}` &&
          one.at >= (at - 60) * 1000 &&
          one.at < at * 1000 &&
          (one.isError || !query.includes('code="500"')),
      );
      values.push([at, `${counted.length}`]);
    }
    return { json: { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } } };
  });
  return {
    backEnd: prometheusBackEnd(identity),
    metric: counterAt(server.address),
    breakDown: () => server.stop(),
    stop: async () => {},
  };
}
