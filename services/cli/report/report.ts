import {
  arrowsOfDeploymentMachine,
  phasesOfDeploymentMachine,
} from '../../../state-machines/rollout/machine-chart';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { embeddedElement } from './embedded-element';
import { htmlPage } from './html-page';
import type { KeptNotifications } from './kept-notifications';
import { dataIds, notificationsPerBlock, type ReportIndex } from './report-data';
import { indexEntry, rolloutDetail } from './rollout-detail';
import type { RolloutTrace, RolloutTraces } from './rollout-trace';

/** What a report shows: a replay of a history, and what its fold showed on the way. */
interface Report {
  readonly input: ReportIndex['input'];
  readonly rollouts: readonly Rollout[];
  /** Where the history ends. */
  readonly until: number;
  readonly traces: RolloutTraces;
  readonly notifications: KeptNotifications;
}

/** The output of `--format html`: one file, in parts. */
export function formatReport(report: Report): AsyncGenerator<string> {
  return htmlPage({ title: 'Rewind: the rollouts of a history', data: dataOf(report) });
}

function* dataOf(report: Report): Generator<string> {
  const index: ReportIndex = {
    input: report.input,
    phases: phasesOfDeploymentMachine(),
    arrows: arrowsOfDeploymentMachine(),
    rollouts: report.rollouts.map(indexEntry),
  };
  yield embeddedElement(dataIds.index, JSON.stringify(index));
  for (const [number, rollout] of report.rollouts.entries()) {
    const trace = report.traces.of(rollout);
    yield embeddedElement(
      dataIds.detail(number),
      JSON.stringify(rolloutDetail(rollout, trace, report.until)),
    );
    yield* notificationBlocks(number, trace, report.notifications);
  }
}

function* notificationBlocks(
  rollout: number,
  { events }: RolloutTrace,
  notifications: KeptNotifications,
): Generator<string> {
  for (let start = 0; start < events.length; start += notificationsPerBlock) {
    const block = events.slice(start, start + notificationsPerBlock);
    const json = `[${block.map((event) => notifications.jsonOf(event)).join(',')}]`;
    yield embeddedElement(dataIds.notifications(rollout, start / notificationsPerBlock), json);
  }
}
