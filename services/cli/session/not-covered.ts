/** Said before every question whether something else is to run. */
export const notCovered = 'not covered: databases, queues, feature flags';
