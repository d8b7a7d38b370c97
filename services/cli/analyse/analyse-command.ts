import { type Command, InvalidArgumentError } from 'commander';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { type AnalysisPolicy, standardAnalysis } from '../../../state-machines/log/measuring/analysis-policy';
import { systemClock } from '../../runtime/clock';
import type { Reach } from '../../runtime/reach';
import { oneService } from '../session/chosen-services';
import { endpointOption, regionOption } from '../terminal/aws-options';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { addFormatOption, type Format } from '../terminal/format-option';
import { say } from '../terminal/streams/standard-error';
import { printJson, printText } from '../terminal/streams/standard-output';
import { parsePast } from '../terminal/time-options';
import type { ToldRollout } from './analyse-service';
import { type AnalysisSweep, parseAnalysisSweep } from './analysis-sweep';
import type { AnalysisTrial } from './analysis-trials';

interface AnalyseOptions extends Reach {
  readonly since?: Instant;
  readonly asOf?: Instant;
  readonly policy?: string;
  readonly sweep?: AnalysisSweep;
  readonly maxIncrease?: number;
  readonly unacceptableIncrease?: number;
  readonly maxErrors?: number;
  readonly maxCount?: { readonly max: number; readonly withinSeconds: number };
  readonly falseAlarms?: number;
  readonly format: Format;
}

const description = `Judge the past rollouts of a service by what its users got: the errors and slow answers that its
load balancer counted for the new version, against those of the old one in the same minutes.
Nothing has to be installed, and nothing is written. ECS keeps service deployments for 90 days,
CloudWatch keeps minutes for 15.

SERVICE is the ARN of a service, cluster/service, or a name that only one service has.`;

const help = `
Examples:
  rewind analyse prod/web
  rewind analyse prod/web --since 3d --max-errors 1
  rewind analyse prod/web --policy new.yml
  rewind analyse prod/web --sweep maxIncreasePercent=20..200
  rewind analyse prod/web --format json | jq '.rollouts[] | select(.result == "failed")'

Exit codes:
${exitCodeLines({
  0: 'no rollout failed',
  1: 'a rollout failed by what its users got',
  66: 'there is no such service, or no such policy file',
  78: 'the policy file cannot be used, or says nothing of analysis',
})}`;

/** Adds `rewind analyse` to the program. */
export function addAnalyseCommand(program: Command): void {
  const command = program
    .command('analyse')
    .description(description)
    .argument('<SERVICE>', 'whose rollouts')
    .option('--since <TIME>', 'from when on (default: 14d)', parsePast)
    .option('--as-of <TIME>', 'judge as if it were then', parsePast)
    .option('--policy <FILE>', 'judge by `analysis` of this policy file (default: the standard)')
    .option(
      '--sweep <RANGE>',
      'judge by each value of a key: KEY=FROM..TO[:STEP] or KEY=A,B,C',
      parseAnalysisSweep,
    )
    .option(
      '--max-increase <PERCENT>',
      'more errors than the old version that do not fail (default: 50)',
      percent,
    )
    .option('--unacceptable-increase <PERCENT>', 'that many more are never accepted (default: 200)', percent)
    .option(
      '--max-errors <PERCENT>',
      'errors of the new version that do not fail, whatever the old had',
      share,
    )
    .option('--max-count <ERRORS>', 'errors within a time that do not fail, as "10 in 600s"', maximumCount)
    .option('--false-alarms <PERCENT>', 'of the good rollouts, that many may fail (default: 1)', share)
    .option('--profile <NAME>', 'a profile of the AWS configuration files (AWS_PROFILE)')
    .option(...regionOption)
    .option(...endpointOption('where to ask instead of AWS'));
  addFormatOption(command)
    .addHelpText('after', help)
    .action(async (name: string, options: AnalyseOptions) => {
      process.exitCode = await runAnalyse(name, options);
    });
}

const lookedBackSeconds = 14 * 86_400;

async function runAnalyse(name: string, options: AnalyseOptions) {
  const { analysed, toldRollouts } = await import('./analyse-service');
  const { trialsOf } = await import('./analysis-trials');
  const { OperatorClients } = await import('../../runtime/operator-clients');
  const clients = new OperatorClients(options);
  const given = givenRules(options);
  const service = await oneService({ clients, log: null }, name);
  const policy = options.policy === undefined ? given : await policyOfFile(options.policy, service, given);
  const now = options.asOf ?? systemClock();
  const since = options.since ?? secondsAfter(now, -lookedBackSeconds);
  const told: ToldRollout[] = [];
  for await (const one of toldRollouts(clients, { service, since, now, policy })) told.push(one);
  if (options.sweep !== undefined) return printTrials(options, trialsOf(told, policy, options.sweep));
  const found = { service, policy, analysed: told.map((one) => analysed(one, policy)) };
  if (options.format === 'json') {
    const { analysisDocument } = await import('./analysis-document');
    await printJson([`${JSON.stringify(analysisDocument(found), null, 2)}\n`]);
  } else {
    const { formatAnalysis } = await import('./analysis-text');
    await printText(formatAnalysis(found));
  }
  const hasFailed = found.analysed.some(({ findings }) => findings.analysis.result === 'failed');
  return hasFailed ? exitCode.faultFound : exitCode.done;
}

async function printTrials({ format }: AnalyseOptions, trials: readonly AnalysisTrial[]): Promise<number> {
  if (format === 'json') {
    const document = { schema: 'rewind.analysis-sweep/1', trials };
    await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  } else {
    const { formatTrials } = await import('./analysis-trials');
    await printText(formatTrials(trials));
  }
  return exitCode.done;
}

/** What past rollouts would get by the policy of a file: what load balancers count of it. */
async function policyOfFile(name: string, service: ServiceArn, standard: AnalysisPolicy) {
  if (standard !== standardAnalysis) {
    throw new CommandError('--policy says what is held to what: no other option can', exitCode.usage);
  }
  const { loadPolicyFile } = await import('../terminal/policy-option');
  const { analysis } = (await loadPolicyFile(name)).policyFor(service);
  const { path } = partsOfService(service);
  if (analysis === null) {
    throw new CommandError(
      `${name} says nothing of analysis for ${path}: write analysis: standard`,
      exitCode.configuration,
    );
  }
  const metrics = analysis.metrics.filter(({ preset }) => preset !== undefined);
  const others = analysis.metrics.flatMap((metric) => (metrics.includes(metric) ? [] : metric.name));
  if (others.length > 0)
    say(`left out, as only what load balancers count is asked for: ${others.join(', ')}`);
  if (metrics.length > 0) return { ...analysis, metrics };
  throw new CommandError(`${name} has no metric with a preset for ${path}`, exitCode.configuration);
}

/** The standard, with what the options say of errors. */
function givenRules(options: AnalyseOptions): AnalysisPolicy {
  const { maxIncrease = 50, unacceptableIncrease = 200, maxErrors = null, maxCount = null } = options;
  const { falseAlarms = standardAnalysis.falseAlarmPercent } = options;
  if (ruleOptions.every((name) => options[name] === undefined)) return standardAnalysis;
  if (unacceptableIncrease <= maxIncrease) {
    const sentence = '--unacceptable-increase must be more than --max-increase';
    throw new CommandError(sentence, exitCode.usage);
  }
  const compare = { maxIncreasePercent: maxIncrease, unacceptableIncreasePercent: unacceptableIncrease };
  const metrics = standardAnalysis.metrics.map((metric) =>
    metric.preset === 'target-5xx' ? { ...metric, compare, maxPercent: maxErrors, count: maxCount } : metric,
  );
  return { ...standardAnalysis, falseAlarmPercent: falseAlarms, metrics };
}

const ruleOptions = ['maxIncrease', 'unacceptableIncrease', 'maxErrors', 'maxCount', 'falseAlarms'] as const;

/** `10 in 600s`: so many errors within so many seconds. */
function maximumCount(text: string): { readonly max: number; readonly withinSeconds: number } {
  const [, max, withinSeconds] = /^(\d+) in (\d+)s$/.exec(text.trim()) ?? [];
  if (max !== undefined && Number(withinSeconds) >= 60) {
    return { max: Number(max), withinSeconds: Number(withinSeconds) };
  }
  throw new InvalidArgumentError(
    'It is a number of errors and a time, such as "10 in 600s", of at least 60 s.',
  );
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 10_000) return value;
  throw new InvalidArgumentError('It is a percentage from 0 to 10000.');
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 100) return value;
  throw new InvalidArgumentError('It is a percentage above 0 and below 100.');
}
