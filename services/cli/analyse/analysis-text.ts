import colours from 'picocolors';
import type { AnalysisRules } from '../../../state-machines/analysis/analyse-rollout';
import type { LonelyReason } from '../../../state-machines/analysis/arms';
import { describeJudgement } from '../../../state-machines/analysis/describe-judgement';
import type { MetricResult } from '../../../state-machines/analysis/judge-metric';
import {
  partsOfService,
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { counted, formatDuration } from '../../sentences/quantities';
import { localTime } from '../session/relative-time';
import { labelled } from '../terminal/text-layout';
import type { AnalysedRollout } from './analyse-service';

export interface ServiceAnalysis {
  readonly service: ServiceArn;
  readonly rules: AnalysisRules;
  readonly analysed: readonly AnalysedRollout[];
}

/** What analysis says of the rollouts of a service, for people. */
export function* formatAnalysis({ service, rules, analysed }: ServiceAnalysis): Generator<string> {
  const { path, region, account } = partsOfService(service);
  yield `${colours.bold(path)}  ${colours.dim(`${region}, ${account}`)}\n`;
  if (analysed.length === 0) yield '  no rollout in that time\n';
  for (const one of analysed) yield* formatRollout(one, rules);
  const of = (result: MetricResult) => analysed.filter(({ findings }) => findings.analysis.result === result);
  const parts = [`${of('failed').length} failed`, `${of('accepted').length} accepted`];
  const others = analysed.length - of('failed').length - of('accepted').length;
  if (analysed.length > 0) {
    yield `\n${counted(analysed.length, 'rollout')}: ${parts.join(', ')}, ${others} undecided or not measured\n`;
  }
}

const signs: Readonly<Record<MetricResult, string>> = {
  failed: '✖',
  accepted: '✔',
  undecided: '?',
  blind: '–',
};

function* formatRollout(one: AnalysedRollout, { shares }: AnalysisRules): Generator<string> {
  const { rollout, findings, slowerThanSeconds } = one;
  const { analysis, arms } = findings;
  const { startedAt, strategy, status } = rollout;
  const versions = `${versionName(rollout.runs)}${rollout.replaces === null ? '' : ` for ${versionName(rollout.replaces)}`}`;
  const sign = signs[analysis.result];
  yield `\n${painted(analysis.result, `${sign} ${versions}`)}  ${strategy}  ${localTime(startedAt)}  ${status}\n`;
  const texts: [string, string][] = [];
  if (analysis.failed !== null) texts.push(['failed', failureText(one, analysis.failed.at)]);
  for (const judgement of analysis.metrics) {
    const { metric } = judgement.rule;
    const text = describeJudgement(judgement, shares.misses).replace(`${metric}: `, '');
    const slow = metric === 'slow' ? ` (slower than ${slowerThanSeconds} s)` : '';
    texts.push([metric, `${text}${slow}`]);
  }
  if (arms.lonely !== null) texts.push(['compared', lonelyTexts[arms.lonely]]);
  for (const [label, text] of texts) yield `${labelled(label, text).join('\n')}\n`;
}

function failureText({ findings, until }: AnalysedRollout, at: Instant | null): string {
  const { answered, answeredAtFailure, firstUsersUntil } = findings;
  if (at === null || answeredAtFailure === null || firstUsersUntil === null) return 'failed';
  const minutes = formatDuration(at - firstUsersUntil + 60_000);
  const by = `${localTime(at)}, ${minutes} after its first users`;
  const errors = (events: number) => counted(Math.round(events), 'error');
  const more = `${errors(answeredAtFailure.events)} by then, ${errors(answered.events)} by ${localTime(until)}`;
  return `${by}; it had answered ${more}`;
}

const lonelyTexts: Readonly<Record<LonelyReason, string>> = {
  noLoadBalancer: 'not measured: the service has no load balancer',
  networkLoadBalancer: 'not measured: a Network Load Balancer counts no requests',
  firstDeployment: 'with nothing: there was no old version; only --max-errors can fail it',
  sharedTargetGroup:
    'with nothing: both versions share a target group, which counts their requests together; only --max-errors can fail it',
  unknownTargetGroup: 'with nothing: neither ECS nor the traffic before tells which target group is whose',
};

function versionName(taskDefinition: TaskDefinitionArn | null): string {
  return taskDefinition === null ? 'a version' : shortTaskDefinition(taskDefinition);
}

function painted(result: MetricResult, text: string): string {
  if (result === 'failed') return colours.red(text);
  return result === 'accepted' ? colours.green(text) : colours.yellow(text);
}
