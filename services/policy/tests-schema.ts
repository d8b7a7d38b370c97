import * as z from 'zod/mini';
import { gateStages } from '../../state-machines/log/traffic/gate-policy';
import { wholeNumberFrom } from './number-fields';

const nameError = 'must be a name of up to 32 small letters, digits and dashes';
const name = z.string({ error: nameError }).check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: nameError }));

const filled = (error: string) => z.string({ error }).check(z.minLength(1, { error }));

const task = z.strictObject(
  {
    taskDefinition: filled('must be a family, a family with its revision, or an ARN'),
    container: z.optional(filled('must be the name of a container')),
  },
  { error: 'must hold taskDefinition' },
);

const lambda = z.strictObject(
  { function: filled('must be the name or the ARN of a function') },
  { error: 'must hold function' },
);

const headers = z.record(z.string(), z.string({ error: 'must be a text' }), { error: 'must hold headers' });

const http = z.strictObject(
  {
    url: z.url({ protocol: /^https?$/, error: 'must be an address with http or https' }),
    status: z._default(wholeNumberFrom(100, 599), 200),
    contains: z.optional(filled('must be a text')),
    headers: z._default(headers, {}),
    answerHeaders: z._default(headers, {}),
    count: z._default(wholeNumberFrom(1, 1000), 1),
  },
  { error: 'must hold url' },
);

/** What is called is waited for by the function that decides; a task is only looked at. */
const calledSecondsAtMost = 25;

const kinds = ['task', 'lambda', 'http', 'answeredBy'] as const;

const writtenTest = z
  .strictObject(
    {
      name,
      at: z._default(
        z.enum(gateStages, { error: `must be of ${gateStages.join(', ')}` }),
        'POST_TEST_TRAFFIC_SHIFT',
      ),
      retries: z._default(wholeNumberFrom(0, 5), 0),
      timeoutSeconds: z.optional(wholeNumberFrom(1, 43_200)),
      required: z._default(z.boolean({ error: 'must be true or false' }), true),
      task: z.optional(task),
      lambda: z.optional(lambda),
      http: z.optional(http),
      answeredBy: z.optional(z.enum(['ci'], { error: 'must be ci' })),
    },
    { error: 'must hold name, and how the test is run' },
  )
  .check(
    z.superRefine((written, context) => {
      if (kinds.filter((kind) => written[kind] !== undefined).length !== 1) {
        context.addIssue({ code: 'custom', message: `must be run by one of ${kinds.join(', ')}` });
      }
      if (!isCalled(written) || (written.timeoutSeconds ?? 0) <= calledSecondsAtMost) return;
      const message = `must be at most ${calledSecondsAtMost} for http and lambda: a longer test is a task`;
      context.addIssue({ code: 'custom', path: ['timeoutSeconds'], message });
    }),
  );

const test = z.pipe(
  writtenTest,
  z.transform(({ timeoutSeconds, ...written }) => ({
    ...written,
    timeoutSeconds: timeoutSeconds ?? (isCalled(written) ? calledSecondsAtMost : 600),
  })),
);

function isCalled({
  http,
  lambda,
}: {
  readonly http?: object | undefined;
  readonly lambda?: object | undefined;
}) {
  return http !== undefined || lambda !== undefined;
}

/** As many as a snapshot of a rollout has room for. */
const testsAtMost = 10;

/** `tests` of a policy: what runs against a new version before a gate lets it go on. */
export const testsSchema = z.array(test, { error: 'must be a list of tests' }).check(
  z.maxLength(testsAtMost, { error: `must name ${testsAtMost} tests at most` }),
  z.refine((tests) => new Set(tests.map((one) => one.name)).size === tests.length, {
    error: 'must name each test once',
  }),
);
