import type { EcsSimulator } from '../../../ecs-simulator/src/ecs-simulator';
import type { DeployedAccount } from './deployed-account';

const cloudWatch = { accessKeyId: 'cloudwatch', userAgent: '', sourceIpAddress: '127.0.0.1' };

interface Datum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Brings to CloudWatch what AWS counts of a stack that runs, as far as there is something to count
 * here: invocations of functions, messages in queues, and the numbers that functions log.
 */
export class OwnMetrics {
  readonly #simulator: Pick<EcsSimulator, 'call'>;

  constructor(simulator: Pick<EcsSimulator, 'call'>) {
    this.#simulator = simulator;
  }

  countInvocation(functionName: string, hasFailed: boolean): void {
    const dimensions = { FunctionName: functionName };
    this.#put('AWS/Lambda', [
      { name: 'Invocations', dimensions, value: 1 },
      { name: 'Errors', dimensions, value: Number(hasFailed) },
    ]);
  }

  countMessages({ queues }: Pick<DeployedAccount, 'queues'>): void {
    const data = [...queues].map(([QueueName, { messages }]) => ({
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName },
      value: messages(),
    }));
    this.#put('AWS/SQS', data);
  }

  /**
   * Takes a line of a function's log, as CloudWatch takes its embedded metrics:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   */
  hear(line: string): void {
    if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) return;
    const logged = JSON.parse(line) as EmbeddedMetrics;
    for (const { Namespace, Dimensions, Metrics } of logged._aws.CloudWatchMetrics) {
      const data = Metrics.flatMap(({ Name: name }) =>
        Dimensions.flatMap((names) => {
          const dimensions = Object.fromEntries(names.map((of) => [of, String(logged[of])]));
          return [logged[name]].flat().map((value) => ({ name, dimensions, value: Number(value) }));
        }),
      );
      this.#put(Namespace, data);
    }
  }

  #put(Namespace: string, data: readonly Datum[]): void {
    const MetricData = data.map(({ name, dimensions, value }) => ({
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Value: value,
    }));
    this.#simulator.call('PutMetricData', { Namespace, MetricData }, cloudWatch);
  }
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}
