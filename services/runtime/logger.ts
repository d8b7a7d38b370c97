import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Structured logs, one JSON line each; `function` says which of Rewind's functions wrote it. What a notification holds is never
 * logged: it may carry environment values.
 */
export function createLogger(functionName: string): Logger {
  return new Logger({ serviceName: 'rewind', persistentKeys: { function: functionName } });
}

/** The same log for lines about one ECS service: `service` names it, where Powertools would have the program's own name. */
export function about(logger: Logger, service: string): Logger {
  return logger.createChild({ serviceName: service });
}
