import { failureClasses, otherClasses } from '../../../../state-machines/log/stopped-task';
import type { LabelledStop } from './labelled-stop';
import seen from './seen-in-public.json' with { type: 'json' };

/** Stops as AWS and users show them, each labelled with its class, and with where it was seen. */
export const seenInPublic: readonly LabelledStop[] = seen.map(
  ({ label, source, stopCode, stoppedReason, containers }) => {
    const taskClass = [...failureClasses, ...otherClasses].find((name) => name === label);
    if (taskClass === undefined) throw new Error(`${label} is no class of stopped tasks`);
    const named = containers.map((container, index) => ({ name: `container-${index + 1}`, ...container }));
    return { taskClass, from: source, stop: { stopCode, stoppedReason, containers: named } };
  },
);
