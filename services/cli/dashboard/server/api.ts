import { parseServiceArn, partsOfService, type ServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../../state-machines/log/instant';
import { regionAndAccount } from '../../../sentences/rollout-words';
import { RolloutCommits } from '../../commits/rollout-commits';
import { comparedRevisions } from '../../diff/compared-revisions';
import { differenceOf } from '../../diff/revision-difference';
import { factsOfRevision } from '../../diff/revision-facts';
import { CommandError, exitCode } from '../../terminal/exit-code';
import { redactSecrets } from '../../terminal/redaction';
import type { Overview, RevisionComparison, RolloutPage } from '../data/dashboard-data';
import type { DashboardSource } from '../data/dashboard-source';
import { readEcsNow } from '../data/ecs-now';
import type { KnownStream } from '../data/known-stream';
import { type RolloutName, RolloutPages, rolloutKnownAt } from '../data/rollout-as-known';
import { readServicePage } from '../data/service-entries';
import type { LiveFeed } from './live-feed';
import type { OpenStreams } from './open-streams';

interface ApiParts {
  readonly source: DashboardSource;
  readonly feed: LiveFeed;
  readonly streams: OpenStreams;
  readonly caller: string | null;
  readonly isActing: boolean;
}

/** What one question leaves for the next. */
interface RolloutParts {
  readonly pages: RolloutPages;
  readonly commits: RolloutCommits | null;
}

type Answer = (query: URLSearchParams) => Promise<unknown>;

/** What the page may ask, by path. Answers are plain JSON; a wrong question is a CommandError. */
export function apiAnswers(parts: ApiParts): ReadonlyMap<string, Answer> {
  const pages = new RolloutPages();
  const { session } = parts.source;
  const commits = session === null ? null : new RolloutCommits(session);
  return new Map<string, Answer>([
    ['/api/overview', async () => overviewOf(parts)],
    ['/api/service', (query) => readServicePage(parts.source, serviceIn(query), commits)],
    ['/api/rollout', (query) => rolloutAnswer({ ...parts, pages, commits }, query)],
    ['/api/notifications', (query) => notificationsOf(parts, query)],
    ['/api/ecs', async (query) => parts.source.session && readEcsNow(parts.source.session, serviceIn(query))],
    ['/api/diff', (query) => comparisonOf(parts, query)],
  ]);
}

function overviewOf({ source, feed, caller, isActing }: ApiParts): Overview {
  const { name } = source;
  return {
    source: name,
    caller,
    isActing,
    now: source.now(),
    services: feed.entries,
    unread: feed.unread,
  };
}

async function rolloutAnswer(
  { source, streams, pages, commits }: ApiParts & RolloutParts,
  query: URLSearchParams,
): Promise<RolloutPage> {
  const service = serviceIn(query);
  const name = rolloutNameIn(query);
  const stream = await streams.of(service);
  const at = instantIn(query, 'at');
  const page = pages.of(stream, { name, at, now: source.now() });
  const { rollouts } = at === null ? await readServicePage(source, service, commits) : { rollouts: [] };
  const listed = rollouts.find(
    ({ deployment, startedAt }) => deployment === name.deployment && startedAt === name.startedAt,
  );
  const { path } = partsOfService(service);
  return { ...page, path, place: regionAndAccount(service), listed: listed ?? null };
}

/** The notifications behind some of a rollout's events, by their number, as known at that time. */
async function notificationsOf({ streams }: ApiParts, query: URLSearchParams): Promise<unknown[]> {
  const stream = await streams.of(serviceIn(query));
  const at = instantIn(query, 'at');
  if (at === null) throw new CommandError('at: it says what was known', exitCode.usage);
  const known = rolloutKnownAt(stream, rolloutNameIn(query), at);
  const numbers = (query.get('events') ?? '').split(',').map(Number);
  return numbers.map((number) => notificationOf(stream, known?.trace.events[number]));
}

function notificationOf(
  stream: KnownStream,
  event: Parameters<KnownStream['notificationOf']>[0] | undefined,
): unknown {
  const text = event === undefined ? null : stream.notificationOf(event);
  return text === null ? null : redactSecrets(JSON.parse(text));
}

async function comparisonOf({ source }: ApiParts, query: URLSearchParams): Promise<RevisionComparison> {
  const { session } = source;
  if (session === null) {
    throw new CommandError('a file does not hold revisions: ECS would have to be asked', exitCode.data);
  }
  const [from, to] = [textIn(query, 'from'), textIn(query, 'to')];
  const compared = await comparedRevisions(session, serviceIn(query), { from, to });
  const changes = differenceOf(factsOfRevision(compared.from), factsOfRevision(compared.to));
  return { from, to, changes, notes: compared.notes };
}

function serviceIn(query: URLSearchParams): ServiceArn {
  const text = textIn(query, 'service');
  try {
    return parseServiceArn(text);
  } catch (cause) {
    throw new CommandError(`service: ${(cause as Error).message}`, exitCode.usage, { cause });
  }
}

function rolloutNameIn(query: URLSearchParams): RolloutName {
  const startedAt = instantIn(query, 'startedAt');
  if (startedAt === null) throw new CommandError('startedAt: it names the rollout', exitCode.usage);
  return { deployment: textIn(query, 'deployment'), startedAt };
}

function textIn(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text !== null && text !== '') return text;
  throw new CommandError(`${name} is missing`, exitCode.usage);
}

function instantIn(query: URLSearchParams, name: string): Instant | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return instantFrom(value);
  throw new CommandError(`${name}: ${text} is no instant in milliseconds`, exitCode.usage);
}
