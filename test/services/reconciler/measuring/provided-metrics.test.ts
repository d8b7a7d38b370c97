import { describe, expect, it } from 'vitest';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import type { MetricBackEnd } from '../../../../services/aws/measurements/back-ends/back-end';
import { awsVersionTasks } from '../../../../services/aws/measurements/back-ends/version-tasks';
import { itemOf } from '../../../../services/event-log/event-item';
import { itemBytes } from '../../../../services/event-log/item-size';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { MeasuredCanary } from './measured-canary';

const erring = { 'rewind.behaviour': 'erring', 'rewind.error-percent': '2' };
const rolling = { strategy: 'ROLLING' } as const;

/** Ten lines a second and task; of those of the second revision one in fifty is an error. */
function linesOf(canary: MeasuredCanary): MetricBackEnd {
  const tasksOf = awsVersionTasks(inProcessClients(canary.simulator, 'rewind').ecs);
  return {
    async read({ versions, windows, ...question }) {
      const tasks = await tasksOf(question.service, versions);
      return versions.map((version) => {
        const requests = 600 * (tasks.get(version)?.size ?? 0);
        const events = requests / (version.taskDefinition === 'web:2' ? 50 : 1000);
        return { minutes: new Map(windows.map((until) => [until, { requests, events }])), isPartial: false };
      });
    },
  };
}

const lines = {
  name: 'error-lines',
  provider: { logs: { logGroup: '/ecs/web' } },
  events: '@message like /ERROR/',
};
const policyOf = (...metrics: readonly object[]) => JSON.stringify({ defaults: { analysis: { metrics } } });

describe('a metric of a provider', { timeout: 60_000 }, () => {
  it('compares both versions of a rolling deployment, whose load balancer counts them together', async () => {
    const canary = await MeasuredCanary.start({
      configuration: rolling,
      policy: policyOf(lines),
      backEnds: (of) => async () => linesOf(of),
    });
    await canary.deploy(erring, 3600);
    const [{ plan } = expect.fail('no plan')] = canary.decisions('AnalysisPlanned');
    expect(plan).toMatchObject({
      arms: { lonely: 'sharedTargetGroup' },
      versions: { candidate: { taskDefinition: 'web:2' }, baseline: { taskDefinition: 'web:1' } },
      metrics: [{ metric: 'error-lines', query: 'logs: @message like /ERROR/' }],
    });
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect(verdict.message).toMatch(
      /error-lines: \d+ of [\d,]+ requests \(2 %\) against \d+ of [\d,]+ requests/,
    );
    const stored = await canary.stored();
    const differing = [...verifyDecisions(stored)].filter(
      ({ verification }) => verification.result !== 'confirmed',
    );
    expect(differing).toEqual([]);
    const taken = stored.filter(({ event }) => event.type === 'MeasurementTaken');
    expect(Math.max(...taken.map((one) => itemBytes(itemOf(one))))).toBeLessThan(1024);
  });

  it('is unreadable where its provider is silent, and what load balancers count is judged all the same', async () => {
    const canary = await MeasuredCanary.start({
      policy: policyOf({ preset: 'target-5xx' }, lines),
      backEnds: () => async () => {
        throw new Error('no such log group');
      },
    });
    await canary.deploy(erring, 3600);
    const [{ readings } = expect.fail('nothing measured')] = canary.decisions('MeasurementTaken');
    expect(readings).toMatchObject([
      { metric: 'errors' },
      { metric: 'error-lines', state: 'unreadable', because: 'Error: no such log group' },
    ]);
    const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
    expect(verdict.message).toContain('errors: ');
  });
});

it('counts slow answers by percentiles where CloudWatch refuses to count them', async () => {
  const slow = { 'rewind.behaviour': 'slow', 'rewind.response-seconds': '0.08' };
  const canary = await MeasuredCanary.start({ refusedStatistic: /"TC\(/ });
  await canary.deploy(slow, 3600);
  const [{ verdict } = expect.fail('no verdict')] = canary.decisions('VerdictReached');
  expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
  expect(verdict.message).toContain('slow: ');
}, 60_000);
