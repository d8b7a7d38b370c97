import { z } from 'zod';
import type { Caller } from '../foundation/caller';
import { EcsError } from '../foundation/ecs-error';
import type { World } from '../model/world';
import type { ServiceScheduler } from '../scheduler/service-scheduler';

/** One operation of the API: what it takes and what it does. */
export interface Operation {
  readonly kind: 'read' | 'write';
  /** Parses the input, then runs; throws EcsError for both. */
  run(request: OperationRequest<unknown>): OperationOutcome;
}
export interface OperationRequest<Input> {
  readonly world: World;
  readonly scheduler: ServiceScheduler;
  readonly caller: Caller;
  readonly input: Input;
}
export interface OperationOutcome {
  /** Undefined fields are left out of the answer; instants are epoch seconds. */
  readonly output: Record<string, unknown>;
  /** What a write was about. */
  readonly resource?: string;
  /** Whether a write changed anything; it did, unless it says otherwise. */
  readonly hadEffect?: boolean;
}

/** An operation that only looks. */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  run: (request: OperationRequest<z.infer<Schema>>) => OperationOutcome['output'],
): Operation {
  return {
    kind: 'read',
    run: (request) => ({ output: run({ ...request, input: parseInput(schema, request.input) }) }),
  };
}

/** An operation that changes something: it goes to the call log. */
export function write<Schema extends z.ZodType>(
  schema: Schema,
  run: (request: OperationRequest<z.infer<Schema>>) => OperationOutcome,
): Operation {
  return { kind: 'write', run: (request) => run({ ...request, input: parseInput(schema, request.input) }) };
}

/** The same operations, refusing impossible input by the name that CloudWatch has for it. */
export function namedByCloudWatch<Names extends string>(
  operations: Record<Names, Operation>,
): Record<Names, Operation> {
  const renamed = Object.entries<Operation>(operations).map(([name, { kind, run }]) => [
    name,
    { kind, run: (request: OperationRequest<unknown>) => renameRefusal(() => run(request)) },
  ]);
  return Object.fromEntries(renamed);
}

function renameRefusal(run: () => OperationOutcome): OperationOutcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof EcsError) || error.name !== 'InvalidParameterException') throw error;
    throw new EcsError('InvalidParameterValueException', error.message);
  }
}

/**
 * A wrong type is the protocol's SerializationException; a missing or impossible value is ECS's own
 * InvalidParameterException.
 */
function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'input';
  if (issue?.code === 'custom' && issue.params?.isWholeSentence)
    throw new EcsError('InvalidParameterException', issue.message);
  if (issue?.code === 'invalid_type' && issue.input !== undefined) {
    throw new EcsError('SerializationException', `${field} is not of type ${issue.expected}.`);
  }
  if (issue?.input === undefined)
    throw new EcsError('InvalidParameterException', `${field} cannot be empty.`);
  throw new EcsError('InvalidParameterException', `Invalid ${field}: ${issue.message}.`);
}

export const tagsSchema = z.array(
  z.object({ key: z.string().min(1).max(128), value: z.string().default('') }),
);

/** Notes tags of a resource, over those it has; returns nothing for none. */
export function addTags(world: World, arn: string, tags: z.infer<typeof tagsSchema> | undefined): void {
  if (tags === undefined) return;
  const noted = world.tags.get(arn) ?? new Map<string, string>();
  for (const { key, value } of tags) noted.set(key, value);
  world.tags.set(arn, noted);
}

export function tagsOf(world: World, arn: string): { key: string; value: string }[] {
  return [...(world.tags.get(arn) ?? [])].map(([key, value]) => ({ key, value }));
}

/**
 * Finds each reference, and reports as MISSING what is not there, as the Describe operations do.
 */
export function findEach<Found>(
  references: readonly string[],
  {
    find,
    arnOfMissing,
  }: { find: (reference: string) => Found | null; arnOfMissing: (reference: string) => string },
): { found: Found[]; failures: { arn: string; reason: string }[] } {
  const found: Found[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const reference of references) {
    const one = find(reference);
    if (one !== null) found.push(one);
    else
      failures.push({
        arn: reference.startsWith('arn:') ? reference : arnOfMissing(reference),
        reason: 'MISSING',
      });
  }
  return { found, failures };
}
