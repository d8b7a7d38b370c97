import { setTimeout as delay } from 'node:timers/promises';

/** So long that no busy machine reaches it, and less than a test may take. */
const deadlineSeconds = 50;

/** Resolves as soon as the condition holds; throws when it does not hold for too long. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`it did not come true within ${deadlineSeconds} s: ${holds}`);
    await delay(10);
  }
}
