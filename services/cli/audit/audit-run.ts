import colours from 'picocolors';
import { rolloutsKnown } from '../../../state-machines/audit/audit-trail';
import {
  parseServiceArn,
  partsOfService,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { isRollback } from '../../../state-machines/rollout/rollout-context';
import { counted } from '../../sentences/quantities';
import type { PlaceOptions } from '../session/place-options';
import { localTime } from '../session/relative-time';
import { failureLogs } from '../session/rollouts/failure-logs';
import { deploymentIdIn } from '../session/rollouts/named-deployment';
import { CommandError, type ExitCode, exitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import { readAnnounced } from './announced';
import { formatAuditDocument, formatVerificationDocument } from './audit-document';
import { auditedStreams } from './audit-input';
import { formatFault, formatRolloutAudit } from './audit-text';
import type { AuditedStream } from './audited-stream';
import { auditRollout, type RolloutAudit } from './rollout-audit';
import { type AnnouncedDigests, countResults, type StreamVerification, verifyStream } from './verification';

export interface AuditOptions extends PlaceOptions {
  readonly all?: true;
  readonly at?: Instant;
  readonly since?: Instant;
  readonly verify?: true;
  readonly from?: string;
  readonly announced?: string;
  readonly logs?: number;
  readonly format: Format;
}

export interface AuditTarget {
  readonly service: string | undefined;
  readonly deployment: string | undefined;
}

/** Tells rollouts, or verifies decisions, and returns the exit code. Throws CommandError. */
export async function runAudit(
  { service, deployment }: AuditTarget,
  options: AuditOptions,
): Promise<ExitCode> {
  const streams = auditedStreams({ ...options, at: options.at ?? null }, service ?? null);
  return options.verify
    ? verifyAll(streams, options)
    : auditRollouts(streams, { service: service ?? '', deployment }, options);
}

interface NamedService extends AuditTarget {
  readonly service: string;
}

async function auditRollouts(
  streams: AsyncIterable<AuditedStream>,
  asked: NamedService,
  options: AuditOptions,
): Promise<ExitCode> {
  const stories: RolloutAudit[] = [];
  const known: Rollout[] = [];
  for await (const stream of streams) {
    const verification = verifyStream(stream);
    const rollouts = rolloutsKnown(stream.events);
    known.push(...rollouts);
    for (const rollout of chosen(rollouts, asked.deployment, options.since)) {
      stories.push(await withLogs(auditRollout(rollout, stream, verification), options));
    }
  }
  if (stories.length === 0) {
    const byThen = options.at === undefined ? '' : `by ${localTime(options.at)} `;
    const which = options.since === undefined ? 'such rollout' : `rollout since ${localTime(options.since)}`;
    const sentence = `${byThen}the log tells of no ${which} of ${asked.service}; ${newestOf(known)}`;
    throw new CommandError(sentence, exitCode.data);
  }
  if (options.format === 'json') await printJson([formatAuditDocument(stories)]);
  else for (const story of stories) await printText(formatRolloutAudit(story, colours));
  const differs = stories.some(({ decisions }) => decisions.some(({ result }) => result === 'differs'));
  return differs ? exitCode.faultFound : exitCode.done;
}

/** What the failed tasks wrote last, where somebody asks. */
async function withLogs(story: RolloutAudit, { logs, ...place }: AuditOptions): Promise<RolloutAudit> {
  if (logs === undefined) return story;
  const { OperatorClients } = await import('../../runtime/operator-clients');
  const { service, taskDefinition, evidence } = story.rollout;
  const failed = { service, taskDefinition, firstFailures: evidence.firstFailures };
  return { ...story, logs: await failureLogs(new OperatorClients(place), failed, logs) };
}

/**
 * The rollouts that could have been asked for: `its newest are ecs-svc/2 of web:2, ecs-svc/1 of
 * web:1`.
 */
function newestOf(rollouts: readonly Rollout[]): string {
  const newest = rollouts.slice(-rolloutsNamed).reverse();
  const names = newest.map(({ deployment, taskDefinition }) =>
    taskDefinition === null ? deployment : `${deployment} of ${shortTaskDefinition(taskDefinition)}`,
  );
  return names.length === 0 ? 'it tells of none' : `its newest are ${names.join(', ')}`;
}

const rolloutsNamed = 3;

/** ECS re-uses deployment ids: one may have had several rollouts. Of a revision, the newest. */
function chosen(
  rollouts: readonly Rollout[],
  named: string | undefined,
  since: Instant | undefined,
): readonly Rollout[] {
  if (since !== undefined) return rollouts.filter(({ startedAt }) => startedAt >= since);
  if (named !== undefined) {
    const id = deploymentIdIn(named);
    if (id !== null) return rollouts.filter(({ deployment }) => deployment === id);
    const ofRevision = rollouts.findLast(({ taskDefinition }) => isNamed(taskDefinition, named));
    return ofRevision === undefined ? [] : [ofRevision];
  }
  const newest = rollouts.findLast((rollout) => !isRollback(rollout)) ?? rollouts.at(-1);
  return newest === undefined ? [] : [newest];
}

function isNamed(taskDefinition: TaskDefinitionArn | null, name: string): boolean {
  if (taskDefinition === null) return false;
  const short = shortTaskDefinition(taskDefinition);
  return taskDefinition === name || short === name || short.split(':').at(-1) === name;
}

async function verifyAll(streams: AsyncIterable<AuditedStream>, options: AuditOptions): Promise<ExitCode> {
  const { format, all, announced } = options;
  const kept = announced === undefined ? new Map<string, AnnouncedDigests>() : await readAnnounced(announced);
  const verifications: StreamVerification[] = [];
  const take = async (stream: AuditedStream) => {
    const verification = verifyStream(stream, kept.get(stream.service));
    kept.delete(stream.service);
    verifications.push(verification);
    if (format === 'text') await printText(formatVerification(verification));
  };
  for await (const stream of streams) await take(stream);
  const lost = all ? [...kept.keys()] : [];
  for (const service of lost) await take({ service: parseServiceArn(service), events: [], unreadable: [] });
  if (verifications.length === 0) throw new CommandError('there is nothing in this log', exitCode.data);
  if (format === 'json') await printJson([formatVerificationDocument(verifications)]);
  else await printText(formatVerificationTotal(verifications));
  const differs = verifications.some(({ decisions }) => decisions.some(({ result }) => result === 'differs'));
  return differs ? exitCode.faultFound : exitCode.done;
}

function* formatVerification({ service, decisions, unchained }: StreamVerification): Generator<string> {
  const old = unchained === 0 ? '' : `, ${unchained} of before there were digests`;
  yield `${colours.bold(partsOfService(service).path)}  ${resultCounts(decisions)}${old}\n`;
  for (const decision of decisions) if (decision.result !== 'confirmed') yield* formatFault(decision);
}

function* formatVerificationTotal(verifications: readonly StreamVerification[]): Generator<string> {
  const decisions = verifications.flatMap((verification) => verification.decisions);
  yield `${counted(verifications.length, 'service')}, ${resultCounts(decisions)}\n`;
}

const resultWords = {
  confirmed: 'confirmed',
  differs: 'differing',
  unknown: 'that cannot be told',
  undecidable: 'not decidable',
} as const;

function resultCounts(decisions: StreamVerification['decisions']): string {
  const counts = countResults(decisions);
  const parts = (['confirmed', 'differs', 'unknown', 'undecidable'] as const)
    .filter((result) => counts[result] > 0)
    .map((result) => `${counts[result]} ${resultWords[result]}`);
  return `${counted(decisions.length, 'decision')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
