import { z } from 'zod';
import { read } from '../api/operation';
import { EcsError } from '../foundation/ecs-error';

/** As much of CloudWatch Logs as it takes to read what a container wrote. */
export const logOperations = {
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
  GetLogEvents: read(
    z.looseObject({
      logGroupName: z.string().min(1),
      logStreamName: z.string().min(1),
      limit: z.number().int().min(1).max(10_000).default(10_000),
      startFromHead: z.boolean().default(false),
    }),
    ({ world, input }) => {
      const lines = world.logs.linesOf({ group: input.logGroupName, stream: input.logStreamName });
      if (lines === null) {
        throw new EcsError('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      const shown = input.startFromHead ? lines.slice(0, input.limit) : lines.slice(-input.limit);
      return {
        events: shown.map(({ at, message }) => ({ timestamp: at, message, ingestionTime: at })),
        nextForwardToken: `f/${lines.length}`,
        nextBackwardToken: `b/${lines.length}`,
      };
    },
  ),
};
