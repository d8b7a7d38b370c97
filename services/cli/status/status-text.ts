import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { counted } from '../../sentences/quantities';
import { againSentence } from '../../sentences/rollout-words';
import { localTime, timeSpan } from '../session/relative-time';
import { failureLines } from '../session/rollouts/failure-logs';
import { freezeWords } from '../session/rollouts/freeze-words';
import { commitWords, type RolloutMark, runsOf, whoOf, whyOf } from '../session/rollouts/rollout-standing';
import { formatTextTable } from '../session/text-table';
import type { Colours } from '../terminal/colours';
import { formatPlaceLine } from '../terminal/headline';
import { labelled, outputColumns, wrap } from '../terminal/text-layout';
import type { ServiceStatus } from './service-status';

interface Look {
  readonly now: Instant;
  readonly colours: Colours;
}

/** One service, with all that is known of it. */
export function* formatStatusTree(status: ServiceStatus, { now, colours }: Look): Generator<string> {
  const { service, newest, standing, stable, freeze, pause, stop } = status;
  const { path, region, account } = partsOfService(service);
  const words = standing === null ? 'no rollout is known' : `${standing.sign} ${standing.words}`;
  yield* formatPlaceLine([
    { text: path, paint: colours.bold },
    { text: words, paint: (text) => paint(standing, text, colours) },
    { text: `${region}, ${account}`, paint: colours.dim },
  ]);
  const facts = [
    ...(newest === null ? [] : rolloutFacts(newest, status, now)),
    ['way back', stable === null ? 'nothing else is proven' : shortTaskDefinition(stable)],
    ['frozen', freeze === null ? '' : `${freezeWords(freeze)} (${freeze.scope})`],
    [
      'paused',
      pause === null ? '' : `paused by ${heldBy(pause)} until ${localTime(pause.until)}${because(pause)}`,
    ],
    ['stopped', stop === null ? '' : `all of Rewind, by ${heldBy(stop)}${because(stop)}`],
  ] as const;
  for (const [label, text] of facts) {
    if (text !== '') for (const line of labelled(label, text)) yield `${line}\n`;
  }
}

function heldBy({ by }: { readonly by: string | null }): string {
  return by ?? 'an unknown caller';
}

function because({ reason }: { readonly reason: string | null }): string {
  return reason === null ? '' : `: "${reason}"`;
}

function rolloutFacts(
  newest: RolloutRecord,
  { runningCount, desiredCount, commit, logs, takenBack }: ServiceStatus,
  now: Instant,
): (readonly [label: string, text: string])[] {
  const { started, running, failed } = newest.tasks;
  const counts = desiredCount === null ? '' : `  ${runningCount}/${desiredCount} tasks run`;
  const ago = `${timeSpan(newest.startedAt, now)} ago`;
  return [
    ['runs', `${whatRuns(newest)}${counts}`],
    ['rollout', `${runsOf(newest)}, ${newest.deployment}, ${ago}`],
    ['again', againSentence(newest)],
    ['by', whoOf(newest, takenBack)],
    ['commit', commitWords(commit)],
    ['tasks', `${started} started, ${running} running, ${failed} failed`],
    ...(newest.users ?? []).map((text, index) => [index === 0 ? 'users' : '', text] as const),
    ['why', newest.verdict?.message ?? whyOf(newest) ?? ''],
    ['took back', whatItTookBack(newest, takenBack)],
    ...[...failureLines((takenBack ?? newest).firstFailures, logs)].map((line) => ['', line] as const),
  ];
}

function whatItTookBack({ isGoingBack }: RolloutRecord, takenBack: RolloutRecord | null): string {
  if (takenBack !== null) return `${runsOf(takenBack)}: ${takenBack.verdict?.message ?? ''}`;
  return isGoingBack ? 'a deployment of which nobody has told' : '';
}

function whatRuns(newest: RolloutRecord): string {
  const target = newest.rollback?.target ?? null;
  if (target === null) return runsOf(newest);
  if (newest.phase === 'rollingBack') return `on the way back to ${shortTaskDefinition(target)}`;
  return newest.outcome === 'rolledBack' ? shortTaskDefinition(target) : runsOf(newest);
}

/** Many services, a line each, those in trouble first. */
export function* formatStatusTable(statuses: readonly ServiceStatus[], look: Look): Generator<string> {
  const { now, colours } = look;
  const ordered = [...statuses].sort((a, b) => rankOf(a) - rankOf(b) || (a.service < b.service ? -1 : 1));
  const rows = ordered.map(({ service, newest, commit, standing, takenBack }) => [
    partsOfService(service).path,
    standing === null ? 'no rollout is known' : `${standing.sign} ${standing.words}`,
    newest === null ? '' : runsOf(newest),
    commitWords(commit),
    newest === null ? '' : timeSpan(newest.startedAt, now),
    newest === null ? '' : whoOf(newest, takenBack),
  ]);
  const [head = '', ...lines] = formatTextTable(
    [['SERVICE', 'STATE', 'RUNS', 'COMMIT', 'SINCE', 'BY'], ...rows],
    { indent: 0, yields: 3 },
  );
  yield `${colours.dim(head)}\n`;
  for (const [index, line] of lines.entries())
    yield `${paint(ordered[index]?.standing ?? null, line, colours)}\n`;
  for (const line of wrap(totalOf(statuses), outputColumns())) yield `${line}\n`;
}

function totalOf(statuses: readonly ServiceStatus[]): string {
  const needing = statuses.filter(({ standing }) => standing?.needsSomebody).length;
  const open = statuses.filter(({ standing }) => standing?.tone === 'open').length;
  const frozen = statuses.filter(({ freeze }) => freeze !== null).length;
  return `${counted(statuses.length, 'service')}: ${needing} in need of somebody, ${open} under way, ${frozen} frozen`;
}

function rankOf({ standing }: ServiceStatus): number {
  if (standing?.needsSomebody) return 0;
  return standing?.tone === 'open' ? 1 : 2;
}

function paint(standing: RolloutMark | null, text: string, colours: Colours): string {
  if (standing?.tone === 'bad') return colours.red(text);
  if (standing?.tone === 'open') return colours.yellow(text);
  return standing?.tone === 'good' ? colours.green(text) : text;
}
