import * as z from 'zod/mini';
import { parseServiceArn, partsOfService, type ServiceArn } from '../../../../state-machines/log/identifiers';
import { freezeScopes, reasonLengthAtMost } from '../../../../state-machines/log/operator/operator-act';
import { inEnglish } from '../../input/schemas/in-english';
import { CommandError, exitCode } from '../../terminal/exit-code';
import type { ActAnswer } from '../data/dashboard-data';

/** Runs a command line of `rewind`, without the program's name. */
export type ActRunner = (
  parameters: readonly string[],
) => Promise<{ readonly code: number; readonly output: string }>;

const revision = z.string().check(z.regex(/^(stable|previous|[\w-]+:\d+)$/));
const until = z.string().check(z.regex(/^\d+[hd]$/));
const acts = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('rollback'), to: revision }),
  z.strictObject({ action: z.literal('abort') }),
  z.strictObject({ action: z.literal('promote') }),
  z.strictObject({ action: z.literal('skipBake') }),
  z.strictObject({
    action: z.literal('freeze'),
    scope: z.enum(freezeScopes),
    until,
  }),
  z.strictObject({ action: z.literal('unfreeze') }),
  z.strictObject({ action: z.literal('pause'), until }),
  z.strictObject({ action: z.literal('resume') }),
]);
type PageAct = z.infer<typeof acts>;

const request = z.strictObject({
  act: acts,
  service: z.string(),
  /** Says what would be done, and does nothing. */
  isPreview: z.boolean(),
  /** The name of the service, as somebody has typed it. */
  typed: z.string(),
  reason: z.string().check(z.maxLength(reasonLengthAtMost)),
});

/**
 * Does what the page asks, by the command of that name: what it checks, tells and records is what
 * it would in a terminal. Throws CommandError where the name of the service was not typed, or no
 * reason given.
 */
export async function actAnswer(run: ActRunner, body: unknown): Promise<ActAnswer> {
  const parsed = request.safeParse(body, inEnglish);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(`${issue?.path.join('.')}: ${issue?.message}`, exitCode.usage);
  }
  const { act, isPreview, typed, reason } = parsed.data;
  const service = serviceNamedBy(parsed.data.service);
  const { path } = partsOfService(service);
  if (!isPreview && typed !== path) {
    throw new CommandError(`type the name of the service, ${path}, to have it done`, exitCode.usage);
  }
  if (!isPreview && reason.trim() === '') throw new CommandError('say why', exitCode.usage);
  const [verb = '', ...rest] = parametersOf(act);
  const why = reason.trim() === '' ? 'not said yet' : reason.trim();
  const consent = isPreview ? '--dry-run' : '--yes';
  const { code, output } = await run([verb, service, ...rest, `--reason=${why}`, consent]);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const isDone = code === exitCode.done;
  if (!isDone && !(isPreview && code === exitCode.changesPending)) {
    throw new CommandError(lines.join('\n') || `rewind ended with ${code}`, exitCode.unavailable);
  }
  return { isDone, command: asTyped([verb, path, ...rest, `--reason=${why}`]), lines };
}

function parametersOf(act: PageAct): readonly string[] {
  switch (act.action) {
    case 'rollback':
      return ['rollback', `--to=${act.to}`];
    case 'skipBake':
      return ['promote', '--skip-bake'];
    case 'freeze':
      return ['freeze', `--scope=${act.scope}`, `--until=${act.until}`];
    case 'pause':
      return ['pause', `--until=${act.until}`];
    case 'abort':
    case 'promote':
    case 'unfreeze':
    case 'resume':
      return [act.action];
    default:
      return act satisfies never;
  }
}

function serviceNamedBy(text: string): ServiceArn {
  try {
    return parseServiceArn(text);
  } catch (cause) {
    throw new CommandError((cause as Error).message, exitCode.usage, { cause });
  }
}

/** As somebody would type it. */
function asTyped(parameters: readonly string[]): string {
  const quoted = parameters.map((one) =>
    /^[\w./:=-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`,
  );
  return `rewind ${quoted.join(' ')}`;
}
