import colours from 'picocolors';
import { describeJudgement } from '../../../state-machines/analysis/describe-judgement';
import type { MetricResult } from '../../../state-machines/analysis/judge-metric';
import { lonelyTexts } from '../../../state-machines/analysis/plan-analysis';
import {
  partsOfService,
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { AnalysisPolicy } from '../../../state-machines/log/measuring/analysis-policy';
import { counted, formatDuration } from '../../sentences/quantities';
import { localTime } from '../session/relative-time';
import { labelled } from '../terminal/text-layout';
import { type AnalysedRollout, slowerThanIn } from './analyse-service';

export interface ServiceAnalysis {
  readonly service: ServiceArn;
  readonly policy: AnalysisPolicy;
  readonly analysed: readonly AnalysedRollout[];
}

/** What analysis says of the rollouts of a service, for people. */
export function* formatAnalysis({ service, policy, analysed }: ServiceAnalysis): Generator<string> {
  const { path, region, account } = partsOfService(service);
  yield `${colours.bold(path)}  ${colours.dim(`${region}, ${account}`)}\n`;
  if (analysed.length === 0) yield '  no rollout in that time\n';
  for (const one of analysed) yield* formatRollout(one, policy);
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

function* formatRollout(one: AnalysedRollout, { missRatePercent }: AnalysisPolicy): Generator<string> {
  const { rollout, findings } = one;
  const { analysis, plan } = findings;
  const { lonely } = plan.arms;
  const { startedAt, strategy, status } = rollout;
  const versions = `${versionName(rollout.runs)}${rollout.replaces === null ? '' : ` for ${versionName(rollout.replaces)}`}`;
  const sign = signs[analysis.result];
  yield `\n${painted(analysis.result, `${sign} ${versions}`)}  ${strategy}  ${localTime(startedAt)}  ${status}\n`;
  const texts: [string, string][] = [];
  if (analysis.failed !== null) texts.push(['failed', failureText(one, analysis.failed.at)]);
  for (const judgement of analysis.metrics) {
    const { metric } = judgement.rule;
    const text = describeJudgement(judgement, missRatePercent / 100).replace(`${metric}: `, '');
    const slow = metric === 'slow' ? ` (slower than ${slowerThanIn(plan)} s)` : '';
    texts.push([metric, `${text}${slow}`]);
  }
  if (plan.arms.candidate !== null) texts.push(['traffic', plan.message]);
  if (lonely !== null) texts.push(['versions', lonelyTexts[lonely]]);
  for (const [label, text] of texts) yield `${labelled(label, text).join('\n')}\n`;
}

function failureText({ findings, until }: AnalysedRollout, at: Instant | null): string {
  const { answered, answeredAtFailure, answeredWhenKnown, firstUsersUntil } = findings;
  if (at === null || answeredAtFailure === null || firstUsersUntil === null) return 'failed';
  const minutes = formatDuration(at - firstUsersUntil + 60_000);
  const by = `${localTime(at)}, ${minutes} after its first users`;
  const errors = (events: number) => counted(Math.round(events), 'error');
  const known = answeredWhenKnown ?? answeredAtFailure;
  const more = `${errors(answeredAtFailure.events)} by then, ${errors(known.events)} when that was known, ${errors(answered.events)} by ${localTime(until)}`;
  return `${by}; it had answered ${more}`;
}

function versionName(taskDefinition: TaskDefinitionArn | null): string {
  return taskDefinition === null ? 'a version' : shortTaskDefinition(taskDefinition);
}

function painted(result: MetricResult, text: string): string {
  if (result === 'failed') return colours.red(text);
  return result === 'accepted' ? colours.green(text) : colours.yellow(text);
}
