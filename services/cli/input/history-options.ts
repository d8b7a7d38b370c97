import type { Command } from 'commander';
import type { Instant } from '../../../state-machines/log/instant';
import { addPlaceOptions } from '../session/place-options';
import { parsePast } from '../terminal/time-options';
import type { SourceOptions } from './history-sources';

/** What a command that reads histories is told about them. */
export interface HistoryInputOptions extends SourceOptions {
  readonly asOf?: Instant;
}

/** The argument and options of every command that reads histories of notifications. */
export function addHistoryOptions(command: Command): Command {
  return addPlaceOptions(
    command
      .argument('[FILE...]', 'histories to read; none or - for standard input')
      .option(
        '--as-of <TIME>',
        'leave out what happened or was recorded later (15:04, 2026-01-31, ISO 8601)',
        parsePast,
      )
      .option('--log-group <NAME>', 'read a CloudWatch Logs group that an EventBridge rule writes to')
      .option('--service <ARN>', 'read the events of a service from the table of the event log')
      .option(
        '--since <TIME>',
        'read these two from then on: a time or how long ago (default: 7d of a log group)',
        parsePast,
      ),
  );
}
