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

/** Whether tests of a real one can run: a CI has to have one. */
export const hasVictoriaMetrics = findMetricsServer(process.env) !== null || Boolean(process.env.CI);

export interface VictoriaMetrics {
  readonly address: string;
  /** Takes scrapes, each line with its time, and shows them from then on. */
  take(scrapes: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a real VictoriaMetrics, empty, which answers at once for what it has just been given. */
export async function startVictoriaMetrics(): Promise<VictoriaMetrics> {
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
  const address = `http://127.0.0.1:${port}`;
  await hasStarted(server.stderr, address);
  return {
    address,
    async take(scrapes) {
      const imported = await fetch(`${address}/api/v1/import/prometheus`, { method: 'POST', body: scrapes });
      const shown = await fetch(`${address}/internal/force_flush`);
      if (!imported.ok || !shown.ok) throw new Error(`VictoriaMetrics takes no scrapes: ${imported.status}`);
      await shows(address, scrapes);
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill();
        await once(server, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

/** Until it answers with the last of the scrapes, whatever it still has to write down. */
async function shows(address: string, scrapes: string): Promise<void> {
  const times = scrapes
    .trimEnd()
    .split('\n')
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  const last = Math.max(...times);
  const seconds = `${last / 1000}`;
  const query = `count(timestamp({__name__=~".+"}) == ${seconds})`;
  const asked = `${address}/api/v1/query?${new URLSearchParams({ query, time: seconds })}`;
  const count = times.filter((time) => time === last).length;
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const { data } = (await (await fetch(asked)).json()) as ShownCount;
    if (Number(data?.result[0]?.value[1]) === count) return;
    await setImmediate();
  }
  throw new Error(`VictoriaMetrics does not show what it took: ${query}`);
}

interface ShownCount {
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
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
