import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Structured logs, one JSON line each. A line about an ECS service names it as `ecsService`: Powertools keeps `service` for the
 * program's own name. What a notification holds is never logged: it may carry environment values.
 */
export function createLogger(functionName: string): Logger {
  return new Logger({ serviceName: `rewind-${functionName}` });
}
