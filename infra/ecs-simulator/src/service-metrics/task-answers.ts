import type { Task } from '../model/task';

/** How many of its requests a task answers with an error now, in percent. */
export function errorPercentOf({ containers, startedAt }: Task, now: number): number {
  const ranSeconds = (now - (startedAt ?? now)) / 1000;
  const percents = containers.map(({ behaviour: { answers } }) =>
    ranSeconds >= answers.errorsAfterSeconds ? answers.errorPercent : 0,
  );
  return Math.max(...percents);
}

export function responseSecondsOf({ containers }: Task): number {
  return Math.max(...containers.map(({ behaviour }) => behaviour.answers.responseSeconds));
}
