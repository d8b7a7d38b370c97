import { partsOfService, type ServiceArn } from '../log/identifiers';
import type { PresetName, Thresholds } from './configuration';

/** The definition of a CloudWatch alarm, as much of it as the guard sets and compares. */
export interface AlarmDefinition {
  readonly queries: readonly MetricQuery[];
  readonly periodSeconds: number;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/** One metric, or an expression over others; the alarm watches the last. */
export type MetricQuery =
  | { readonly id: string; readonly metric: Metric; readonly stat: string }
  | { readonly id: string; readonly expression: string };

interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: { readonly [name: string]: string };
}

/** An alarm that the guard makes for one service. */
export interface PresetAlarm {
  readonly name: string;
  readonly preset: PresetName;
  readonly description: string;
  readonly definition: AlarmDefinition;
}

/** A target group and the load balancer in front of it, in the words of CloudWatch's dimensions. */
export interface TargetGroupDimensions {
  readonly targetGroup: string;
  /** `app/name/id` or `net/name/id`; null when it is behind none. */
  readonly loadBalancer: string | null;
}

interface PresetService {
  readonly service: ServiceArn;
  readonly targetGroups: readonly TargetGroupDimensions[];
}

/**
 * Two of three minutes, for every preset: one bad minute is noise, and two bad minutes are enough.
 */
const presetPeriods = { periodSeconds: 60, evaluationPeriods: 3, datapointsToAlarm: 2 };
/** A rate over fewer requests a minute says nothing: one error of two would be 50 %. */
const requestsAtLeast = 20;
/** An alarm with metric math takes ten metrics at most, and a rate needs two for each group. */
const targetGroupsAtMost = 5;

interface Preset {
  readonly threshold: number;
  readonly description: string;
  /** What the alarm watches; empty where the service has nothing of the kind. */
  queries(service: PresetService): MetricQuery[];
  /** What a service needs to have for it. */
  readonly needs: string;
}

const behindAlb = 'a target group behind an Application Load Balancer';

const presets: { readonly [name in PresetName]: Preset } = {
  'alb-5xx': {
    threshold: 10,
    description: 'errors a minute that the load balancer answers itself (502, 503, 504)',
    queries: (service) => {
      const names = new Set(onAlb(service).map(({ loadBalancer }) => loadBalancer));
      const metrics = [...names].map((LoadBalancer) => albMetric('HTTPCode_ELB_5XX_Count', { LoadBalancer }));
      return summed(metrics, 'Sum');
    },
    needs: behindAlb,
  },
  'target-5xx': {
    threshold: 10,
    description: 'errors a minute that the service answers (500 to 599)',
    queries: (service) => summed(perTargetGroup(service, 'HTTPCode_Target_5XX_Count'), 'Sum'),
    needs: behindAlb,
  },
  'target-5xx-rate': {
    threshold: 5,
    description: `percent of requests that the service answers with 500 to 599, from ${requestsAtLeast} requests a minute on`,
    queries: (service) => rated(service),
    needs: behindAlb,
  },
  'latency-p99': {
    threshold: 2,
    description: 'seconds that 99 of 100 requests take at most',
    queries: (service) => highest(perTargetGroup(service, 'TargetResponseTime'), 'p99'),
    needs: behindAlb,
  },
  'unhealthy-hosts': {
    threshold: 0,
    description: 'targets that fail the health check of their target group',
    queries: (service) => highest(unhealthyHosts(service), 'Maximum'),
    needs: 'one behind an Application or Network Load Balancer',
  },
  cpu: {
    threshold: 90,
    description: 'percent of the CPU that the service reserves',
    queries: (service) => [{ id: 'm1', metric: serviceMetric(service, 'CPUUtilization'), stat: 'Average' }],
    needs: 'nothing',
  },
  memory: {
    threshold: 90,
    description: 'percent of the memory that the service reserves',
    queries: (service) => [
      { id: 'm1', metric: serviceMetric(service, 'MemoryUtilization'), stat: 'Average' },
    ],
    needs: 'nothing',
  },
};

/** The alarm of a preset for a service, or what the service lacks for it. Pure. */
export function presetAlarm(
  preset: PresetName,
  service: PresetService,
  thresholds: Thresholds,
): PresetAlarm | { readonly needs: string } {
  const { description, needs, threshold: usual, queries } = presets[preset];
  const watched = queries(service);
  if (watched.length === 0) return { needs };
  const threshold = thresholds[preset] ?? usual;
  const definition = { queries: watched, threshold, ...presetPeriods };
  return { name: presetAlarmName(service.service, preset), preset, description, definition };
}

const guardPrefix = 'rewind/';
const alarmNameAtMost = 255;

/** Whether the guard made the alarm, by its name. */
export function isPresetAlarm(name: string): boolean {
  return name.startsWith(guardPrefix);
}

/**
 * Whether an alarm watches only requests that reach targets through a load balancer. A task that
 * never becomes healthy gets no request; that it is unhealthy is seen without one.
 */
export function isOnTraffic(queries: readonly MetricQuery[]): boolean {
  const metrics = queries.flatMap((query) => ('metric' in query ? [query.metric] : []));
  const isTraffic = ({ namespace, name }: Metric) =>
    /^AWS\/(ApplicationELB|NetworkELB|ELB)$/.test(namespace) && name !== 'UnHealthyHostCount';
  return metrics.length > 0 && metrics.every(isTraffic);
}

/** `rewind/cluster/service/preset`; where that is too long, with the ends of the two names. */
function presetAlarmName(service: ServiceArn, preset: PresetName): string {
  const { cluster, name } = partsOfService(service);
  const room = alarmNameAtMost - `${guardPrefix}//${preset}`.length;
  if (cluster.length + name.length <= room) return `${guardPrefix}${cluster}/${name}/${preset}`;
  const half = Math.floor(room / 2);
  return `${guardPrefix}${cluster.slice(-half)}/${name.slice(-half)}/${preset}`;
}

function onAlb({ targetGroups }: PresetService): TargetGroupDimensions[] {
  return targetGroups
    .filter(({ loadBalancer }) => loadBalancer?.startsWith('app/'))
    .slice(0, targetGroupsAtMost);
}

function albMetric(name: string, dimensions: { readonly [name: string]: string | null }): Metric {
  return { namespace: 'AWS/ApplicationELB', name, dimensions: dimensions as Metric['dimensions'] };
}

function perTargetGroup(service: PresetService, name: string): Metric[] {
  return onAlb(service).map(({ targetGroup: TargetGroup, loadBalancer: LoadBalancer }) =>
    albMetric(name, { TargetGroup, LoadBalancer }),
  );
}

function unhealthyHosts({ targetGroups }: PresetService): Metric[] {
  return targetGroups.slice(0, targetGroupsAtMost).flatMap(({ targetGroup, loadBalancer }) => {
    if (loadBalancer === null || !/^(app|net)\//.test(loadBalancer)) return [];
    const namespace = loadBalancer.startsWith('app/') ? 'AWS/ApplicationELB' : 'AWS/NetworkELB';
    const dimensions = { TargetGroup: targetGroup, LoadBalancer: loadBalancer };
    return [{ namespace, name: 'UnHealthyHostCount', dimensions }];
  });
}

function serviceMetric({ service }: PresetService, name: string): Metric {
  const { cluster: ClusterName, name: ServiceName } = partsOfService(service);
  return { namespace: 'AWS/ECS', name, dimensions: { ClusterName, ServiceName } };
}

function summed(metrics: readonly Metric[], stat: string): MetricQuery[] {
  return combined(metrics, stat, (ids) => ids.map((id) => `FILL(${id}, 0)`).join(' + '));
}

function highest(metrics: readonly Metric[], stat: string): MetricQuery[] {
  return combined(metrics, stat, (ids) => `MAX([${ids.join(', ')}])`);
}

/** One metric is watched as it is; an expression combines several. */
function combined(
  metrics: readonly Metric[],
  stat: string,
  expression: (ids: readonly string[]) => string,
): MetricQuery[] {
  const queries = metrics.map((metric, index) => ({ id: `m${index + 1}`, metric, stat }));
  if (queries.length < 2) return queries;
  return [...queries, { id: 'watched', expression: expression(queries.map(({ id }) => id)) }];
}

function rated(service: PresetService): MetricQuery[] {
  const named = (letter: string, name: string) =>
    perTargetGroup(service, name).map((metric, index) => ({
      id: `${letter}${index + 1}`,
      metric,
      stat: 'Sum',
    }));
  const errors = named('e', 'HTTPCode_Target_5XX_Count');
  const requests = named('r', 'RequestCount');
  if (errors.length === 0) return [];
  const sum = (queries: readonly MetricQuery[]) => queries.map(({ id }) => `FILL(${id}, 0)`).join(' + ');
  const expression = `IF(${sum(requests)} >= ${requestsAtLeast}, 100 * (${sum(errors)}) / (${sum(requests)}), 0)`;
  return [...errors, ...requests, { id: 'watched', expression }];
}
