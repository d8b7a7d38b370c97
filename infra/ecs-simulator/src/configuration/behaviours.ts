import { z } from 'zod';
import { EcsError } from '../foundation/ecs-error';

/**
 * How a container behaves once ECS tries to run it. A task behaves as its essential containers do.
 */
export interface Behaviour {
  /** Why it cannot be started at all; null when it can. */
  readonly startFailure: StartFailure | null;
  /** When it exits by itself, counted from RUNNING; null when it runs until it is stopped. */
  readonly exit: ContainerExit | null;
  readonly checks: { readonly container: CheckedHealth; readonly loadBalancer: CheckedHealth };
  /**
   * When its memory is used up, as the metrics of its service show it, counted from RUNNING; null
   * when it never is.
   */
  readonly leaksAfterSeconds: number | null;
  readonly answers: Answers;
}
/** How it answers the requests that a load balancer passes on, while it is healthy. */
interface Answers {
  readonly errorPercent: number;
  /** Counted from RUNNING. */
  readonly errorsAfterSeconds: number;
  readonly responseSeconds: number;
}
interface StartFailure {
  readonly during: 'pulling' | 'initializing' | 'authenticating';
  readonly reason: string;
}
interface ContainerExit extends ExitCause {
  readonly afterSeconds: number;
}
export interface ExitCause {
  readonly code: number;
  /** The container's reason; null where ECS gives none. */
  readonly reason: string | null;
}
/**
 * From when on, counted from RUNNING, a health check passes, and from when on it fails; null for
 * never.
 */
export interface CheckedHealth {
  readonly passesAfterSeconds: number | null;
  readonly failsAfterSeconds: number | null;
}

/**
 * What a container's labels say: a behaviour, and the share of its tasks that show it. The others
 * are healthy.
 */
export interface LabelledBehaviour {
  readonly behaviour: Behaviour;
  readonly probability: number;
}

/** Docker labels of a container definition, by which a task definition chooses its behaviour. */
const label = {
  behaviour: 'rewind.behaviour',
  crashAfter: 'rewind.crash-after',
  exitCode: 'rewind.exit-code',
  check: 'rewind.check',
  healthyFor: 'rewind.healthy-for',
  startSeconds: 'rewind.start-seconds',
  leakAfter: 'rewind.leak-after',
  errorPercent: 'rewind.error-percent',
  errorsAfter: 'rewind.errors-after',
  responseSeconds: 'rewind.response-seconds',
  probability: 'rewind.probability',
  says: 'rewind.says',
} as const;

const sound: CheckedHealth = { passesAfterSeconds: 0, failsAfterSeconds: null };
export const healthy: Behaviour = {
  startFailure: null,
  exit: null,
  checks: { container: sound, loadBalancer: sound },
  leaksAfterSeconds: null,
  answers: { errorPercent: 0, errorsAfterSeconds: 0, responseSeconds: 0.05 },
};

type Labels = Readonly<Record<string, string>>;
const seconds = z.coerce.number().min(0);

/** Every behaviour there is, by the value of the label. A new one is a new line. */
const behaviours: Readonly<Record<string, (labels: Labels) => Behaviour>> = {
  healthy: () => healthy,
  crash,
  flaky: crash,
  unhealthy: (labels) => checked(labels, { passesAfterSeconds: null, failsAfterSeconds: 0 }),
  sickens: (labels) =>
    checked(labels, {
      passesAfterSeconds: 0,
      failsAfterSeconds: numberOf(labels, label.healthyFor, { otherwise: 120, schema: seconds }),
    }),
  'slow-start': (labels) => {
    const passesAfterSeconds = numberOf(labels, label.startSeconds, { otherwise: 60, schema: seconds });
    const slow = { passesAfterSeconds, failsAfterSeconds: null };
    return { ...healthy, checks: { container: slow, loadBalancer: slow } };
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
  'out-of-memory': (labels) => ({
    ...healthy,
    exit: {
      afterSeconds: numberOf(labels, label.crashAfter, { otherwise: 20, schema: seconds }),
      code: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    },
  }),
  // The text of a registry that does not know the tag:
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
  unpullable: () =>
    startFailing({
      during: 'pulling',
      reason:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref: manifest unknown: not found',
    }),
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
  'secret-missing': () =>
    startFailing({
      during: 'initializing',
      reason:
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    }),
  'registry-unreachable': () =>
    startFailing({
      during: 'authenticating',
      reason:
        'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.',
    }),
  leak: (labels) => ({
    ...healthy,
    leaksAfterSeconds: 60 * numberOf(labels, label.leakAfter, { otherwise: 10, schema: seconds }),
  }),
  erring: (labels) => ({
    ...healthy,
    answers: {
      ...healthy.answers,
      errorPercent: numberOf(labels, label.errorPercent, { otherwise: 50, schema: seconds.max(100) }),
      errorsAfterSeconds: numberOf(labels, label.errorsAfter, { otherwise: 0, schema: seconds }),
    },
  }),
  slow: (labels) => {
    const responseSeconds = numberOf(labels, label.responseSeconds, { otherwise: 5, schema: seconds });
    return { ...healthy, answers: { ...healthy.answers, responseSeconds } };
  },
};

/**
 * Reads a container's behaviour from its labels; throws a ClientException that names the label, the
 * value and what is allowed.
 */
export function parseBehaviour(labels: Labels): LabelledBehaviour {
  const name = labels[label.behaviour] ?? 'healthy';
  const behaviour = Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  if (behaviour === undefined) refuse(label.behaviour, name, Object.keys(behaviours));
  const otherwise = name === 'flaky' ? 0.5 : 1;
  const schema = z.coerce.number().min(0).max(1);
  return {
    behaviour: behaviour(labels),
    probability: numberOf(labels, label.probability, { otherwise, schema }),
  };
}

/**
 * Whether labels choose a behaviour; what they do not choose may be chosen by an image's labels.
 */
export function choosesBehaviour(labels: Labels): boolean {
  return labels[label.behaviour] !== undefined;
}

/** What a container writes before it exits, line by line. */
export function lastLinesOf(labels: Labels): readonly string[] {
  return labels[label.says]?.split('\n') ?? [];
}

function crash(labels: Labels): Behaviour {
  const code = z.coerce.number().int().min(0).max(255);
  return {
    ...healthy,
    exit: {
      afterSeconds: numberOf(labels, label.crashAfter, { otherwise: 1, schema: seconds }),
      code: numberOf(labels, label.exitCode, { otherwise: 1, schema: code }),
      reason: null,
    },
  };
}

function startFailing(startFailure: StartFailure): Behaviour {
  return { ...healthy, startFailure };
}

function checked(labels: Labels, health: CheckedHealth): Behaviour {
  const check = labels[label.check] ?? 'container';
  if (check === 'container') return { ...healthy, checks: { ...healthy.checks, container: health } };
  if (check === 'load-balancer') return { ...healthy, checks: { ...healthy.checks, loadBalancer: health } };
  return refuse(label.check, check, ['container', 'load-balancer']);
}

function refuse(name: string, value: string, allowed: readonly string[]): never {
  throw new EcsError(
    'ClientException',
    `The docker label ${name} is "${value}"; the simulator knows ${allowed.join(', ')}.`,
  );
}

function numberOf(
  labels: Labels,
  name: string,
  { otherwise, schema }: { otherwise: number; schema: z.ZodType<number> },
): number {
  const text = labels[name];
  if (text === undefined) return otherwise;
  const parsed = schema.safeParse(text.trim() === '' ? Number.NaN : text);
  if (parsed.success) return parsed.data;
  throw new EcsError(
    'ClientException',
    `The docker label ${name} is "${text}", which is not a valid number for it.`,
  );
}
