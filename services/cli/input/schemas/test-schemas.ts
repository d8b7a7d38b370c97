import * as z from 'zod/mini';
import { testResults } from '../../../../state-machines/log/traffic/release-test';
import { decision, instant, text, textOrNull } from './event-fields';

const test = { ...decision, test: text, attempt: z.int().check(z.minimum(1)) };

/** What Rewind decides about tests. */
export const testSchemas = {
  TestBegun: z.object({ ...test, task: text, until: instant }),
  TestEnded: z.object({
    ...test,
    result: z.enum(testResults),
    message: text,
    evidence: z.array(text),
    shown: z.optional(
      z.object({
        lastStatus: text,
        hasStarted: z.boolean(),
        stopCode: textOrNull,
        stoppedReason: textOrNull,
        exitCode: z.nullable(z.number()),
      }),
    ),
  }),
};
