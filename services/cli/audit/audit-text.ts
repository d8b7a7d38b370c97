import type { TrailEntry } from '../../../state-machines/audit/audit-trail';
import { isDecided } from '../../../state-machines/log/events';
import type { Instant } from '../../../state-machines/log/instant';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { eventReporter, fullEventSentence } from '../../sentences/event-sentence';
import { counted } from '../../sentences/quantities';
import { otherRuleSentence, regionAndAccount } from '../../sentences/rollout-words';
import { ratioSentence, weighedSentence } from '../../sentences/weighed-sentence';
import { localTime } from '../session/relative-time';
import { failureLines } from '../session/rollouts/failure-logs';
import type { Colours } from '../terminal/colours';
import { formatRolloutHeadline } from '../terminal/headline';
import { printable } from '../terminal/streams/safe-text';
import { labelled, outputColumns, wrap } from '../terminal/text-layout';
import type { AuditedEvent } from './audited-stream';
import type { RolloutAudit } from './rollout-audit';
import type { AuditedDecision } from './verification';

/**
 * A story for people: a line an event in the order in which Rewind learnt them, then whether its
 * decisions hold.
 */
export function* formatRolloutAudit(story: RolloutAudit, colours: Colours): Generator<string> {
  const { rollout, trail, decisions } = story;
  yield `${formatRolloutHeadline(rollout, colours)}\n`;
  for (const line of wrap(identitySentence(rollout), outputColumns() - 2)) yield `  ${colours.dim(line)}\n`;
  let day = '';
  let plain = 0;
  for (const entry of trail) {
    const [learntOn = '', , zone = ''] = localTime(entry.recorded.recordedAt).split(' ');
    if (isPlain(entry)) {
      plain += 1;
      continue;
    }
    yield* plainLine(plain);
    plain = 0;
    if (learntOn !== day) yield `  ${colours.dim(`learnt     took place     ${learntOn}, ${zone}`)}\n`;
    day = learntOn;
    yield* trailLines(entry, colours);
  }
  yield* plainLine(plain);
  yield* weighedLines(rollout);
  yield* otherRuleLines(rollout);
  yield* unrecordedVerdict(rollout);
  yield* logLines(story);
  yield* verificationLines(decisions, colours);
}

function* logLines({ rollout, logs }: RolloutAudit): Generator<string> {
  if (logs.length === 0) return;
  const lines = [...failureLines(rollout.evidence.firstFailures, logs)];
  for (const [index, line] of lines.entries()) {
    for (const part of labelled(index === 0 ? 'logs' : '', line)) yield `${part}\n`;
  }
}

function identitySentence({ deployment, service, startedAt }: Rollout): string {
  return `${deployment} in ${regionAndAccount(service)}; started ${localTime(startedAt)}`;
}

/**
 * A task on its way that changes nothing that is counted: with thousands of tasks nobody wants to
 * read each.
 */
function isPlain({ recorded: { event }, before, after, mark }: TrailEntry): boolean {
  if (event.type !== 'TaskChanged' || mark === 'behind the verdict' || mark === 'late') return false;
  return before !== null && before.evidence.failed === after?.evidence.failed && before.phase === after.phase;
}

function* plainLine(count: number): Generator<string> {
  if (count === 0) return;
  const text = `(${counted(count, 'more report')} of tasks)`;
  for (const line of wrap(text, outputColumns() - textColumn)) yield `${' '.repeat(textColumn)}${line}\n`;
}

const lagColumns = 13;
const textColumn = 25 + lagColumns;

function* trailLines(entry: TrailEntry<AuditedEvent>, colours: Colours): Generator<string> {
  const { event, recordedAt } = entry.recorded;
  const place = isDecided(event)
    ? ''.padEnd(lagColumns)
    : lagOf(event.occurredAt, recordedAt).padEnd(lagColumns);
  const text = [fullEventSentence(event), ...marksOf(entry), ...evidenceOf(entry)].join('; ');
  const [first = '', ...rest] = wrap(text, outputColumns() - textColumn);
  const speaker = printable(eventReporter(event)).slice(0, 10).padEnd(11);
  const isDecision = isDecided(event) ? colours.bold : (line: string) => line;
  yield `  ${timeOf(recordedAt)}  ${place}  ${speaker}${isDecision(first)}\n`;
  for (const line of rest) yield `${' '.repeat(textColumn)}${isDecision(line)}\n`;
}

function timeOf(instant: Instant): string {
  return localTime(instant).slice(11, 19);
}

/** How long before it was learnt it took place. */
function lagOf(occurredAt: Instant, recordedAt: Instant): string {
  const seconds = (recordedAt - occurredAt) / 1000;
  return seconds < 60 ? `${Math.max(0, seconds).toFixed(1)} s before` : timeOf(occurredAt);
}

function marksOf({ mark, recorded }: TrailEntry<AuditedEvent>): string[] {
  const told = recorded.isNotified || isDecided(recorded.event) ? [] : ['found by asking ECS'];
  switch (mark) {
    case 'late':
      return [...told, 'LATE'];
    case 'behind the verdict':
      return [...told, 'LATE, behind the verdict: kept, and changes nothing'];
    case 'stale':
      return [...told, 'known already'];
    default:
      return told;
  }
}

/** The numbers, where an event made them grow. */
function evidenceOf({ before, after, recorded }: TrailEntry): string[] {
  if (after === null || isDecided(recorded.event)) return [];
  const { failed, started } = after.evidence;
  if (failed === (before?.evidence.failed ?? 0) || started === 0) return [];
  const counts = `${failed} of ${started} failed (${Math.round((failed / started) * 100)} %)`;
  return after.weighed === null ? [counts] : [counts, ratioSentence(after.weighed)];
}

/** Counts, past and ratio as the verdict had them, or as they stand. */
function* weighedLines({ weighed }: Rollout): Generator<string> {
  if (weighed === null) return;
  for (const line of labelled('evidence', weighedSentence(weighed))) yield `${line}\n`;
}

function* otherRuleLines(rollout: Rollout): Generator<string> {
  const sentence = otherRuleSentence(rollout);
  if (sentence === null) return;
  for (const line of labelled('else', sentence)) yield `${line}\n`;
}

/** What the facts came to when Rewind had not yet said so. */
function* unrecordedVerdict({ verdict, recorded }: Rollout): Generator<string> {
  if (verdict === null || recorded.verdict) return;
  const sentence = `${verdict.result} (${verdict.reason}): ${printable(verdict.message)}; not recorded by then`;
  for (const line of labelled('verdict', sentence)) yield `${line}\n`;
}

function* verificationLines(decisions: readonly AuditedDecision[], colours: Colours): Generator<string> {
  const bad = decisions.filter(({ result }) => result !== 'confirmed');
  const confirmed = decisions.length - bad.length;
  const sentence =
    bad.length === 0
      ? `${counted(confirmed, 'decision')} confirmed: made again from what was known then, each comes out the same`
      : `${confirmed} of ${counted(decisions.length, 'decision')} confirmed`;
  const colour = bad.length === 0 ? colours.green : colours.red;
  for (const line of labelled('verified', sentence)) yield `${colour(line)}\n`;
  for (const decision of bad) yield* formatFault(decision);
}

const faultWords: { readonly [result in AuditedDecision['result']]: string } = {
  confirmed: 'is confirmed',
  differs: 'differs',
  unknown: 'cannot be told',
  undecidable: 'is not decidable',
};

/** A decision that is not confirmed: which, and why. */
export function* formatFault({ type, position, result, because }: AuditedDecision): Generator<string> {
  const word = faultWords[result];
  for (const line of labelled('', `${type ?? 'an item'} ${word}: ${because}`)) yield `${line}\n`;
  // Not wrapped: somebody will copy it.
  yield `${' '.repeat(14)}at ${position}\n`;
}
