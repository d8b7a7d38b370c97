import { z } from 'zod';
import { EcsError } from './ecs-error';

/** How a container behaves once ECS tries to run it. A task behaves as its essential containers do. */
export interface Behaviour {
  /** Why it cannot be started at all; null when it can. */
  readonly startFailure: string | null;
  /** When it exits by itself, counted from RUNNING; null when it runs until it is stopped. */
  readonly exit: { readonly afterSeconds: number; readonly code: number } | null;
  readonly isHealthCheckPassing: boolean;
}

/** Docker labels of a container definition, by which a task definition chooses its behaviour. */
export const behaviourLabel = 'rewind.behaviour';
export const crashAfterLabel = 'rewind.crash-after';
export const exitCodeLabel = 'rewind.exit-code';

const healthy: Behaviour = { startFailure: null, exit: null, isHealthCheckPassing: true };

type Labels = Readonly<Record<string, string>>;

/** Every behaviour there is, by the value of the label. A new one is a new line. */
const behaviours: Readonly<Record<string, (labels: Labels) => Behaviour>> = {
  healthy: () => healthy,
  crash: (labels) => ({
    ...healthy,
    exit: {
      afterSeconds: numberOf(labels, crashAfterLabel, { otherwise: 1, schema: z.coerce.number().min(0) }),
      code: numberOf(labels, exitCodeLabel, {
        otherwise: 1,
        schema: z.coerce.number().int().min(0).max(255),
      }),
    },
  }),
  unhealthy: () => ({ ...healthy, isHealthCheckPassing: false }),
  // The text of a registry that does not know the tag: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
  unpullable: () => ({
    ...healthy,
    startFailure:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref: manifest unknown: not found',
  }),
};

/** Reads a container's behaviour from its labels; throws a ClientException that names the label, the value and what is allowed. */
export function parseBehaviour(labels: Labels): Behaviour {
  const name = labels[behaviourLabel] ?? 'healthy';
  const behaviour = Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  if (behaviour !== undefined) return behaviour(labels);
  throw new EcsError(
    'ClientException',
    `The docker label ${behaviourLabel} is "${name}"; the simulator knows ${Object.keys(behaviours).join(', ')}.`,
  );
}

function numberOf(
  labels: Labels,
  label: string,
  { otherwise, schema }: { otherwise: number; schema: z.ZodType<number> },
): number {
  const text = labels[label];
  if (text === undefined) return otherwise;
  const parsed = schema.safeParse(text.trim() === '' ? Number.NaN : text);
  if (parsed.success) return parsed.data;
  throw new EcsError(
    'ClientException',
    `The docker label ${label} is "${text}", which is not a valid number for it.`,
  );
}
