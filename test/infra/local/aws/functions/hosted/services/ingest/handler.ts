import type { Context } from 'aws-lambda';

const environmentWhenLoaded = process.env.REWIND_TABLE;

/** Says what it was loaded and called with. */
export const handler = async (event: { delay?: Promise<void> }, context: Context) => {
  await event.delay;
  return {
    table: environmentWhenLoaded,
    functionName: context.functionName,
    hasTime: context.getRemainingTimeInMillis() > 0,
  };
};
