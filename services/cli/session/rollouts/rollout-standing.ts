import { shortTaskDefinition } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { Commit } from '../../../../state-machines/log/operator/operator-act';
import type { Rollback } from '../../../../state-machines/rollout/rollout';
import { isRollback } from '../../../../state-machines/rollout/rollout-context';
import type { RolloutProgress } from '../../../../state-machines/rollout/traffic/traffic';
import type { RolloutRecord } from '../../../../state-machines/service/history/rollout-record';
import { againWords, callerName, reasonWords } from '../../../sentences/rollout-words';
import { localTime, timeSpan } from '../relative-time';

/** Where a rollout stands, in a sign and a few words. */
export interface RolloutMark {
  readonly sign: '✔' | '✖' | '◌' | '⟳' | '↩' | '»' | '?';
  readonly words: string;
  readonly tone: 'good' | 'bad' | 'open' | 'quiet';
  /** Somebody has to look: it failed, and the service is not back. */
  readonly needsSomebody: boolean;
}

const needed = { sign: '✖', tone: 'bad', needsSomebody: true } as const;

export function rolloutStandingOf(record: RolloutRecord, now: Instant): RolloutMark {
  const { phase, dueAt, rollback } = record;
  switch (phase) {
    case 'watching':
      return open('⟳', progressWords(record.progress ?? null, now));
    case 'baking':
      return open('◌', bakingWords(dueAt, now));
    case 'rollingBack':
      if (record.mode === 'observe' && rollback?.issuedAt == null) {
        return { ...needed, words: 'failed, not taken back (observe mode)' };
      }
      return open('↩', 'going back');
    case 'done':
      return standingAtEnd(record);
    default:
      return phase satisfies never;
  }
}

/** `shifting 30 % (step 3 of 10), a gate open for 2 min at PRE_PRODUCTION_TRAFFIC_SHIFT`. */
function progressWords(progress: RolloutProgress | null, now: Instant): string {
  if (progress === null) return 'being rolled out';
  const { state, step, steps, weight, gate } = progress;
  const share = weight === null || weight === 0 ? '' : ` ${weight} %`;
  const place = share === '' || step === null || steps === null ? '' : ` (step ${step} of ${steps})`;
  const open = gate === null ? '' : `, a gate open for ${timeSpan(gate.since, now)} at ${gate.stage}`;
  return `${state}${share}${place}${open}`;
}

function bakingWords(dueAt: Instant | null, now: Instant): string {
  if (dueAt === null) return 'baking';
  return dueAt <= now ? 'baking, about to end' : `baking, ${timeSpan(now, dueAt)} left`;
}

function open(sign: RolloutMark['sign'], words: string): RolloutMark {
  return { sign, words, tone: 'open', needsSomebody: false };
}

function standingAtEnd({ outcome, verdict }: RolloutRecord): RolloutMark {
  switch (outcome) {
    case 'succeeded':
      return verdict?.result === 'inconclusive'
        ? { sign: '?', words: 'ended without a verdict', tone: 'quiet', needsSomebody: false }
        : { sign: '✔', words: 'proven', tone: 'good', needsSomebody: false };
    case 'rolledBack':
      return { sign: '✖', words: 'rolled back', tone: 'bad', needsSomebody: false };
    case 'rollbackFailed':
      return { ...needed, words: 'failed, not back' };
    case 'noSafeTarget':
      return { ...needed, words: 'failed, nowhere to go back to' };
    case 'notEnforced':
      return { ...needed, words: 'failed, nobody took it back' };
    case 'superseded':
      return { sign: '»', words: 'superseded', tone: 'quiet', needsSomebody: false };
    case 'abandoned':
    case null:
      return { sign: '?', words: 'abandoned', tone: 'quiet', needsSomebody: false };
    default:
      return outcome satisfies never;
  }
}

/** What runs, where it stands, and why it failed; the same from one change to the next. */
export function standingSentence({ progress, ...record }: RolloutRecord, now: Instant): string {
  const place = progress === undefined ? {} : { progress: { ...progress, gate: null } };
  const mark = rolloutStandingOf({ ...record, ...place, dueAt: null }, now);
  const { sign } = mark;
  const words = progress?.gate == null ? mark.words : `${mark.words}, ${gateWords(progress.gate)}`;
  const again = record.verdict === null ? againWords(record) : '';
  const verdict = record.verdict?.result === 'failed' ? `: ${record.verdict.message}` : '';
  const back = isRollback(record) ? ', a way back' : '';
  return `${runsOf(record)} ${sign} ${words}${again}${back}${verdict}`;
}

/** Where ECS waits for an answer, and until when. */
export function gateWords({ stage, expiresAt }: NonNullable<RolloutProgress['gate']>): string {
  const end = expiresAt === null ? '' : ` until ${localTime(expiresAt)}`;
  return `ECS waits at a gate of ${stage ?? 'an unknown stage'}${end}`;
}

/** What a rollout runs, as people say it. */
export function runsOf({ taskDefinition }: Pick<RolloutRecord, 'taskDefinition'>): string {
  return taskDefinition === null ? '(unknown)' : shortTaskDefinition(taskDefinition);
}

/** Why it did not pass, and who took it where; null where there is nothing to say. */
export function whyOf({ verdict, rollback, startedAt, act }: RolloutRecord): string | null {
  const reason = act?.reason == null ? null : `"${act.reason}"`;
  if (verdict?.result !== 'failed') return reason;
  const after = timeSpan(startedAt, verdict.at);
  const back =
    rollback?.issuedAt == null || rollback.target === null
      ? ''
      : `; by ${actorOf(rollback)} to ${shortTaskDefinition(rollback.target)}`;
  return `${reasonWords[verdict.reason]} after ${after}${back}${reason === null ? '' : `; ${reason}`}`;
}

const rollbackActorNames = { rewind: 'Rewind', ecs: 'ECS', operator: 'an operator' } as const;

/** Who took it back. */
export function actorOf({ by }: Pick<Rollback, 'by'>): string {
  return rollbackActorNames[by];
}

/**
 * Who brought it: the name at the end of an ARN, and what a pipeline claims. Where ECS goes back to
 * a deployment it is that of whoever took the newer one back, not of who deployed it once.
 */
export function whoOf(record: RolloutRecord, takenBack: RolloutRecord | null): string {
  const { act, by } = record;
  if (act === null && takenBack?.rollback != null) return actorOf(takenBack.rollback);
  const caller = act?.by ?? by;
  const name = caller === null ? (isRollback(record) ? 'ECS or Rewind' : '') : callerName(caller);
  const claimed = act?.claims?.actor;
  return claimed === undefined || claimed === name ? name : `${claimed} (${name})`;
}

/** A commit as people say it: `9f31c2d Retry payments once`; empty where nobody told. */
export function commitWords(commit: Commit | null): string {
  return commit === null ? '' : `${commit.sha.slice(0, 7)} ${commit.subject ?? ''}`.trim();
}
