import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { systemClock } from '../../runtime/clock';
import { CommandError, exitCode } from '../terminal/exit-code';
import { printable } from '../terminal/streams/safe-text';
import { objectionTo, type RollbackCandidate } from './rollback-candidates';
import type { RollbackView } from './rollback-plan';
import { candidateLines } from './rollback-text';

/** Lets somebody choose a cluster, then services of it. Throws CommandError where they cancel. */
export async function chooseServices(services: readonly ServiceArn[]): Promise<ServiceArn[]> {
  const { isCancel, multiselect, select } = await import('@clack/prompts');
  const output = process.stderr;
  const clusters = [...new Set(services.map((service) => partsOfService(service).cluster))].sort();
  const options = clusters.map((cluster) => ({ value: cluster, label: printable(cluster) }));
  const cluster = clusters.length === 1 ? clusters[0] : await select({ message: 'Cluster', options, output });
  if (isCancel(cluster)) throw cancelled();
  const ofCluster = services.filter((service) => partsOfService(service).cluster === cluster);
  const chosen = await multiselect({
    message: 'Services that go back (space chooses)',
    options: ofCluster.map((service) => ({ value: service as string, label: partsOfService(service).name })),
    output,
  });
  if (isCancel(chosen)) throw cancelled();
  return ofCluster.filter((service) => chosen.includes(service));
}

/** Lets somebody choose what a service goes back to; what cannot be chosen is shown, and why. */
export async function chooseCandidate(view: RollbackView): Promise<RollbackCandidate> {
  const { isCancel, select } = await import('@clack/prompts');
  const now = systemClock();
  const lines = candidateLines(view.candidates, { now, indent: 0 });
  const options = view.candidates.map((candidate, index) => ({
    value: index,
    label: printable((lines[index] ?? '').replace(/\n +/g, '  ')),
    disabled: objectionTo(candidate) !== null,
  }));
  const message = `${view.path} runs ${view.primary.taskDefinition.split('/').at(-1)}. Go back to`;
  const chosen = await select({ message, options, output: process.stderr });
  const candidate = isCancel(chosen) ? undefined : view.candidates[chosen];
  if (candidate === undefined) throw cancelled();
  return candidate;
}

function cancelled(): CommandError {
  return new CommandError('Nothing was changed.', exitCode.changesPending);
}
