import { z } from 'zod';

/** What a hook's function returned, or what ECS makes of it. */
export type HookAnswer =
  | { readonly hookStatus: 'SUCCEEDED' }
  | { readonly hookStatus: 'IN_PROGRESS'; readonly callBackDelay: number; readonly hookDetails: unknown }
  | { readonly hookStatus: 'FAILED'; readonly because: (functionArn: string) => string };

const schema = z.object({
  hookStatus: z.enum(['SUCCEEDED', 'FAILED', 'IN_PROGRESS']),
  callBackDelay: z.number().min(0).default(30),
  hookDetails: z.unknown().optional(),
});

/**
 * Parses an answer: an error, and what is no answer, count as FAILED. The texts are those of the
 * page on troubleshooting.
 */
export function parseHookAnswer(answer: unknown): HookAnswer {
  if (answer instanceof Error) {
    return {
      hookStatus: 'FAILED',
      because: (arn) => `Lifecycle hook target ${arn} failed: ${answer.message}`,
    };
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    const because = () => 'ECS was unable to parse the response: HookStatus must not be null.';
    return { hookStatus: 'FAILED', because };
  }
  const { hookStatus, callBackDelay, hookDetails } = parsed.data;
  if (hookStatus === 'SUCCEEDED') return { hookStatus };
  if (hookStatus === 'IN_PROGRESS') return { hookStatus, callBackDelay, hookDetails };
  return { hookStatus, because: (arn) => `Lifecycle hook target ${arn} returned FAILED status.` };
}
