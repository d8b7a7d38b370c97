import { type Command, InvalidArgumentError } from 'commander';
import { reasonLengthAtMost } from '../../../state-machines/log/operator/operator-act';
import { addFormatOption, type Format } from '../terminal/format-option';
import type { Confirmation } from './confirmation';
import { addPlaceOptions, type PlaceOptions } from './place-options';

/** What every command is given that changes something. */
export interface ActOptions extends PlaceOptions, Confirmation {
  readonly reason?: string;
  readonly dryRun?: true;
  readonly format: Format;
}

/** The options of every command that changes something. */
export function addActOptions(command: Command): Command {
  return addFormatOption(
    addPlaceOptions(command)
      .option('--reason <TEXT>', 'why, for the audit and the history', parseReason)
      .option('-y, --yes', 'do not ask')
      .option('--dry-run', 'say what would be done, and do nothing'),
  );
}

function parseReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (text.length <= reasonLengthAtMost) return text;
  throw new InvalidArgumentError(`It is longer than ${reasonLengthAtMost} letters.`);
}
