import { writeFile } from 'node:fs/promises';
import { formatInstant } from '../../../../state-machines/log/instant';
import { CommandError, exitCode } from '../../terminal/exit-code';
import { compareRollouts } from '../../terminal/rollout-order';
import { fileTrouble } from '../../terminal/text-file';
import type { LabelledRollout } from '../backtest-task';
import { csvLine } from './label-csv';

/** `label` is for people to fill in; what stands behind it helps them and is not read. */
const columns = ['service', 'deployment', 'started', 'label', 'taskDefinition', 'history', 'policy'];

/** The text of a file in which people say which rollouts were good; `--labels` reads it. Pure. */
function labelsTemplate(rollouts: readonly LabelledRollout[]): string {
  const rows = rollouts
    .toSorted(compareRollouts)
    .map(({ service, deployment, startedAt, opinion, taskDefinition, shown, message }) =>
      csvLine([
        service,
        deployment,
        formatInstant(startedAt),
        opinion ?? '',
        taskDefinition ?? '',
        shown,
        message,
      ]),
    );
  return [csvLine(columns), ...rows].join('');
}

/** Writes it to a new file: nobody's labels are written over. Throws CommandError. */
export async function writeLabelsTemplate(name: string, rollouts: readonly LabelledRollout[]): Promise<void> {
  try {
    await writeFile(name, labelsTemplate(rollouts), { flag: 'wx' });
  } catch (cause) {
    const because = fileTrouble(cause);
    if (because === null) throw cause;
    const sentence = `${name}, the template of labels, cannot be written: ${because}`;
    throw new CommandError(sentence, exitCode.unavailable, { cause });
  }
}
