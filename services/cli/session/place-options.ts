import type { Command } from 'commander';
import type { Reach } from '../../runtime/reach';
import { endpointOption, regionOption, tableOption } from '../terminal/aws-options';

/** Where a command finds the log and the services: the same words for every command. */
export interface PlaceOptions extends Reach {
  readonly stage?: string;
  readonly table?: string;
}

/** The options of every command that looks at services or acts on them. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--stage <STAGE>', 'the stage of Rewind that looks after them (REWIND_STAGE)')
    .option(...tableOption)
    .option('--profile <NAME>', 'a profile of the AWS configuration files (AWS_PROFILE)')
    .option(...regionOption)
    .option(...endpointOption('where to ask instead of AWS'));
}
