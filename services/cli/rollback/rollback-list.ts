import { type ServiceArn, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { systemClock } from '../../runtime/clock';
import { rolloutDocumentOf } from '../session/rollouts/rollout-document';
import type { Session, SessionLog } from '../session/session';
import type { Format } from '../terminal/format-option';
import { formatPlaceLine } from '../terminal/headline';
import { printJson, printText } from '../terminal/streams/standard-output';
import { objectionTo, type RollbackCandidate } from './rollback-candidates';
import { type RollbackView, type RollbackWish, viewForRollback } from './rollback-plan';
import { candidateLines } from './rollback-text';

/** Shows what services could go back to, the best first. Throws CommandError where one cannot. */
export async function listWaysBack(
  session: Session & { readonly log: SessionLog },
  services: readonly ServiceArn[],
  options: RollbackWish & { readonly format: Format },
): Promise<void> {
  const views: RollbackView[] = [];
  for (const service of services) views.push(await viewForRollback(session, service, options));
  if (options.format === 'json') {
    const document = { schema: 'rewind.ways-back/1', services: views.map(waysBackDocument) };
    await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  } else await printText(views.flatMap(waysBackText));
}

function waysBackText({ path, candidates, primary }: RollbackView): string[] {
  const runs = `runs ${shortTaskDefinition(primary.taskDefinition)}`;
  const head = formatPlaceLine([path, runs].map((text) => ({ text, paint: String })));
  const lines = candidateLines(candidates, { now: systemClock(), indent: 2 });
  return [...head, ...lines.map((line) => `${line}\n`)];
}

function waysBackDocument({ service, primary, candidates }: RollbackView) {
  return { service, runs: primary.taskDefinition, waysBack: candidates.map(candidateDocumentOf) };
}

function candidateDocumentOf(candidate: RollbackCandidate) {
  const { wayBack, standing, status, image, hasMoved, commit, record } = candidate;
  const { taskDefinition, serviceRevision } = wayBack;
  return {
    taskDefinition,
    serviceRevision,
    standing,
    status,
    image,
    hasTagMoved: hasMoved,
    commit,
    objection: objectionTo(candidate),
    lastRollout: record === null ? null : rolloutDocumentOf(record, commit),
  };
}
