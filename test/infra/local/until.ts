import { setTimeout as delay } from 'node:timers/promises';

const deadlineSeconds = 15;

/** Resolves as soon as the condition holds; throws when it does not hold for too long. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`it did not come true within ${deadlineSeconds} s: ${holds}`);
    await delay(10);
  }
}
