import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withOutputTo } from '../../../infra/local/aws/functions/function-output';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { measuredEventLog } from '../../../services/metrics/measured-event-log';
import { embeddedMetrics, type RewindMetrics } from '../../../services/metrics/metrics';
import { isDecided } from '../../../state-machines/log/events';
import { crashing, RewindAtWork } from '../reconciler/worlds/rewind-at-work';

let output: PassThrough;
let metrics: RewindMetrics;
let rewind: RewindAtWork;

beforeEach(async () => {
  output = new PassThrough();
  process.env.POWERTOOLS_SERVICE_NAME = 'rewind-test';
  metrics = await withOutputTo(output, async () => embeddedMetrics());
  rewind = await RewindAtWork.start(measuredEventLog(memoryEventLog(), metrics));
});
afterEach(async () => {
  delete process.env.POWERTOOLS_SERVICE_NAME;
  await rewind.stop();
});

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/**
 * The lines that a function would have logged:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
async function published(): Promise<Line[]> {
  metrics.publish();
  output.end();
  const lines = (await text(output)).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

/** The values of one metric, in the order in which they were published. */
function valuesOf(lines: readonly Line[], name: string): number[] {
  return lines.flatMap((line) => (line[name] ?? []) as number | number[]);
}

/** How often a metric was counted for each of its kinds. */
function kindsOf(lines: readonly Line[], name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines.filter((one) => name in one)) {
    const dimensions = line._aws.CloudWatchMetrics[0]?.Dimensions[0] ?? [];
    const kind = dimensions
      .filter((dimension) => dimension !== 'service')
      .map((dimension) => line[dimension])
      .join(' ');
    counts[kind] = (counts[kind] ?? 0) + Number(line[name]);
  }
  return counts;
}

describe('what Rewind tells of itself', () => {
  it('counts what the log took, sorts verdicts and rollbacks, and times the way from failure to call', async () => {
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(240);
    const events = await rewind.events();
    const lines = await published();

    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(valuesOf(lines, 'EventsAppended'))).toBe(events.length);
    const observed = events.filter((event) => !isDecided(event));
    expect(valuesOf(lines, 'NotificationToAppend')).toHaveLength(observed.length);
    expect(kindsOf(lines, 'Verdicts')).toEqual({ 'passed BakePassed': 1, 'failed TaskFailures': 1 });
    expect(kindsOf(lines, 'Rollbacks')).toEqual({ rolledBack: 1 });

    const [verdict] = (await rewind.decisions('VerdictReached')).filter(
      (event) => event.verdict.result === 'failed',
    );
    const [issued] = await rewind.decisions('RollbackIssued');
    const [toVerdict] = valuesOf(lines, 'FailureToVerdict');
    const [toCall] = valuesOf(lines, 'VerdictToCall');
    // Both are read off the log's own instants: what passed between the failing event and the call,
    // in two parts.
    expect((toVerdict ?? 0) + (toCall ?? 0)).toBe((issued?.issuedAt ?? 0) - (verdict?.verdict.at ?? 0));
  });

  it('counts what the log knew already as duplicates', async () => {
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(60);
    const [first] = await rewind.events();
    if (first === undefined) throw new Error('nothing was recorded');
    await rewind.log.append({ event: first, recordedAt: rewind.ecs.clock.now(), notification: null });
    expect(valuesOf(await published(), 'DuplicateEvents')).toEqual([1]);
  });

  it('is in the namespace and under the name that the alarms look at', async () => {
    metrics.count('OverdueServices', 0);
    const [line] = await published();
    expect(line).toMatchObject({
      service: 'rewind-test',
      OverdueServices: 0,
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Rewind',
            Dimensions: [['service']],
            Metrics: [{ Name: 'OverdueServices', Unit: 'Count' }],
          },
        ],
      },
    });
  });
});
