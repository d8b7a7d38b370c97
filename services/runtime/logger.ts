import { Logger } from '@aws-lambda-powertools/logger';
import type { OnUnreadable } from '../aws/alarms/cloudwatch-alarms';

/**
 * Writes structured logs, one JSON line each. A line about an ECS service names it as `ecsService`,
 * since Powertools keeps `service` for the program's own name. The content of a notification is
 * never logged: it may hold values of environment variables.
 */
export function createLogger(functionName: string): Logger {
  return new Logger({ serviceName: `rewind-${functionName}` });
}

/** Logs why alarms could not be read. */
export function logUnreadableAlarms(logger: Logger): OnUnreadable {
  return (alarms, error) => logger.warn('alarms could not be read', { alarms, error });
}
