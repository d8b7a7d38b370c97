import * as z from 'zod/mini';
import {
  defaultGates,
  gateStages,
  timeoutActions,
  undecidedActions,
} from '../../state-machines/log/traffic/gate-policy';
import { wholeNumberFrom } from './number-fields';

const { minimumSeconds, holdSeconds, onUndecided, timeoutMinutes, onTimeout } = defaultGates;

const stageError = `must be of ${gateStages.join(', ')}: ECS waits nowhere else`;

/**
 * `gates` of a policy: at which stages ECS waits, and how Rewind answers. The time-out is ECS's:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
 */
export const gatesSchema = z
  .strictObject(
    {
      stages: z.array(z.enum(gateStages, { error: stageError }), { error: 'must be a list of stages' }).check(
        z.minLength(1, { error: 'must name at least one stage' }),
        z.refine((stages) => new Set(stages).size === stages.length, {
          error: 'must name each stage once: two hooks of one stage cannot be told apart',
        }),
      ),
      minimumSeconds: z._default(wholeNumberFrom(0, 86_400), minimumSeconds),
      holdSeconds: z._default(wholeNumberFrom(0, 30 * 86_400), holdSeconds),
      onUndecided: z._default(
        z.enum(undecidedActions, { error: 'must be hold, continue or rollback' }),
        onUndecided,
      ),
      timeoutMinutes: z._default(wholeNumberFrom(2, 20_160), timeoutMinutes),
      onTimeout: z._default(z.enum(timeoutActions, { error: 'must be rollback or continue' }), onTimeout),
    },
    { error: 'must hold stages, and how their gates are answered' },
  )
  .check(
    z.superRefine(({ minimumSeconds: least, holdSeconds: most, timeoutMinutes: minutes }, context) => {
      const before = 60 * (minutes - 1);
      for (const [key, seconds] of [
        ['minimumSeconds', least],
        ['holdSeconds', most],
      ] as const) {
        if (seconds <= before) continue;
        const message = `must be at most ${before}: a minute before ECS itself answers (timeoutMinutes ${minutes})`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }),
  );
