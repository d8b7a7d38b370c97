import { readdirSync } from 'node:fs';
import path from 'node:path';
import { projectFolder, readCloudFormation } from '../../local/aws/declared/cloudformation';

/**
 * Counted and timed ones, verdicts by reason, rollbacks by outcome: services/metrics. Each is paid
 * for in a month in which it is sent.
 */
const metricsKept = 22;

/** What is deployed and paid for by the piece, as infra/*.yml declares it. */
export function deployedCounts() {
  const types = readdirSync(path.join(projectFolder, 'infra'))
    .filter((file) => file.endsWith('.yml') && file !== 'member-account.yml')
    .flatMap((file) => {
      const { Resources } = readCloudFormation<{ Resources?: { [name: string]: { Type?: string } } }>(
        `infra/${file}`,
      );
      return Object.values(Resources ?? {}).map(({ Type }) => Type);
    });
  const count = (type: string) => types.filter((one) => one === type).length;
  return {
    alarms: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    metrics: metricsKept,
  };
}
