import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { counted } from '../../sentences/quantities';
import { notCovered } from '../session/confirmation';
import { commitWords } from '../session/rollouts/rollout-standing';
import type { DeployReceipt } from './deploy-execution';
import type { DeployPlan } from './deploy-plan';

const sourceWords = {
  log: 'as the log tells',
  'task definition': 'as its task definition tells',
  tag: 'by its tag',
  registry: 'as its registry tells',
  environment: 'as the pipeline tells',
  option: 'as --commit tells',
} as const;

/** What will be done, before anybody is asked. */
export function* deployLines(plan: DeployPlan): Generator<string> {
  const { view, base, changes, commit, objections, warnings, freeze } = plan;
  const { path, primary, observed } = view;
  const [runs, short] = [primary.taskDefinition, base.taskDefinition].map(shortTaskDefinition);
  const what = changes.length === 0 ? short : `a new revision, copied from ${short}`;
  yield `${path}: ${runs} → ${what}, ${counted(observed.desiredCount, 'task')}`;
  for (const { container, from, to } of changes) yield `  ${container}: ${from} → ${to}`;
  if (commit !== null) yield `  commit: ${commitWords(commit)} (${sourceWords[commit.from]})`;
  for (const line of [...(freeze === null ? [] : [freeze]), ...objections]) yield `  ! ${line}`;
  for (const line of warnings) yield `  ${line}`;
  yield `  ${notCovered}`;
}

/** What was done, and how to go on and back. */
export function* receiptLines(receipt: DeployReceipt): Generator<string> {
  const { path, to, isRegistered, commit, requestId, deployment, undo } = receipt;
  const registered = isRegistered ? ' (registered and read back)' : '';
  const built = commit === null ? '' : `, ${commitWords(commit)}`;
  yield `▲ ${path}: UpdateService to ${shortTaskDefinition(to)}${registered} accepted${built} (request ${requestId ?? 'unknown'})\n`;
  if (deployment !== null) yield `  watch:   rewind wait ${path} --deployment ${deployment}\n`;
  yield `  to undo: ${undo}\n`;
}
