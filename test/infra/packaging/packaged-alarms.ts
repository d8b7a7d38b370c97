import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder, readCloudFormation } from '../../../infra/local/aws/declared/cloudformation';
import type { CountedMetric, SortedMetric, TimedMetric } from '../../../services/metrics/metrics';
import { type PackagedStacks, propertiesOf, resourcesOf } from './packaged-stack';

/**
 * What holds of the alarms and the dashboard that are deployed, and of the pages that tell of them
 * and of the parameters.
 */
export function describeAlarms(stacks: PackagedStacks): void {
  describe('the alarms and the dashboard', () => {
    const published = [
      'EventsAppended',
      'DuplicateEvents',
      'FailedReconciles',
      'RollbacksHeld',
      'OverdueServices',
      'Standstills',
      'UnansweredServices',
      'WakeUpsGivenUp',
    ] satisfies CountedMetric[];
    const timed = ['NotificationToAppend', 'FailureToVerdict', 'VerdictToCall'] satisfies TimedMetric[];
    const sorted = ['Verdicts', 'Rollbacks'] satisfies SortedMetric[];

    it('tell the topic, under the name of the stack, of metrics that are published', () => {
      const alarms = resourcesOf(stacks.plain, 'AWS::CloudWatch::Alarm');
      expect(alarms.length).toBeGreaterThanOrEqual(12);
      for (const [, { Properties }] of alarms) {
        expect(Properties.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
        if (Properties.Namespace !== 'Rewind') continue;
        expect(published).toContain(Properties.MetricName);
        expect(Properties.Dimensions).toEqual([{ Name: 'service', Value: 'rewind-dev' }]);
      }
      for (const [, { Properties }] of resourcesOf(stacks.plain, 'AWS::Lambda::Function')) {
        expect(Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe('rewind-dev');
      }
    });

    it('look at every function', () => {
      const functions = resourcesOf(stacks.plain, 'AWS::Lambda::Function')
        .map(([name]) => name)
        .sort();
      for (const alarm of ['FunctionErrors', 'FunctionThrottles']) {
        const watched = JSON.stringify(propertiesOf(stacks.plain, alarm).Metrics).match(/\w+LambdaFunction/g);
        expect(watched?.sort()).toEqual(functions);
      }
    });

    it('look at every rule that brings notifications', () => {
      const rules = resourcesOf(stacks.plain, 'AWS::Events::Rule').flatMap(([name, { Properties }]) =>
        Properties.Targets[0]?.Id === 'ingest' ? [name] : [],
      );
      const watched = JSON.stringify(propertiesOf(stacks.plain, 'RulesNotDelivering').Metrics).match(
        /\w+Rule(?=")/g,
      );
      expect(watched?.sort()).toEqual(rules.sort());
    });

    it('are on the dashboard, beside every metric that is published', () => {
      const body: string = propertiesOf(stacks.plain, 'Dashboard').DashboardBody['Fn::Sub'];
      const { widgets } = JSON.parse(body);
      expect(widgets.length).toBeGreaterThan(5);
      for (const metric of [...published, ...timed, ...sorted]) expect(body).toContain(metric);
      for (const [alarm] of resourcesOf(stacks.plain, 'AWS::CloudWatch::Alarm'))
        expect(body).toContain(`\${${alarm}.Arn}`);
    });

    it('each have a section in the runbook', () => {
      const runbook = readFileSync(path.join(projectFolder, 'docs/runbook.md'), 'utf8');
      for (const [, { Properties }] of resourcesOf(stacks.plain, 'AWS::CloudWatch::Alarm')) {
        expect(runbook).toContain(`### ${Properties.AlarmName.replace('rewind-dev-', '')}\n`);
      }
    });
  });

  describe('the parameters', () => {
    it('stand with their defaults in one table of docs/deploy.md, each and no other', () => {
      const { params } = readCloudFormation<{ params: { default: Record<string, unknown> } }>(
        'serverless.yml',
      );
      const page = readFileSync(path.join(projectFolder, 'docs/deploy.md'), 'utf8');
      const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, value]) => [name, value]);
      const shown = (value: unknown) => (String(value) === '' ? '' : `\`${String(value)}\``);
      expect(rows).toEqual(Object.entries(params.default).map(([name, value]) => [name, shown(value)]));
    });
  });
}
