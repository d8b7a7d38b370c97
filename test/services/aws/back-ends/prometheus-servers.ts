import { prometheusBackEnd } from '../../../../services/aws/measurements/back-ends/prometheus-back-end';
import { AnsweringServer } from './answering-server';
import { metricOf, type ToldBackEnd } from './contract';
import { requests, versions, windows } from './served-requests';
import { identity } from './told-back-ends';
import { startVictoriaMetrics } from './victoria-metrics';

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
  const { address, stop, take } = await startVictoriaMetrics();
  await take(scrapes());
  return { backEnd: prometheusBackEnd(identity), metric: counterAt(address), breakDown: stop, stop };
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
