import * as z from 'zod/mini';

/** For `safeParse`, so that its issues say in English what is wrong: `zod/mini` has no words. */
export const inEnglish = { error: z.locales.en().localeError };
