import { describeJudgement } from '../../../../../state-machines/analysis/describe-judgement';
import { limitsOf, type MetricLimits } from '../../../../../state-machines/analysis/measured-point';
import { damageSentence } from '../../../../../state-machines/rollout/measuring/damage';
import { measuredAnalysis } from '../../../../../state-machines/rollout/measuring/live-measuring';
import { planSentence } from '../../../../sentences/measurement-words';
import { counted } from '../../../../sentences/quantities';
import type { RolloutDetail } from '../../report-data';
import { element } from '../elements/element';
import { figure } from '../elements/figure';
import { fitted } from '../elements/fitted';
import { evidenceOverTime, ratioOverTime } from './metric-plots';
import { damagePlot, sharePlot } from './traffic-plots';
import { windowTable } from './window-table';

/** What users of a rollout got: nothing where nothing was measured. */
export function measuredSections(detail: RolloutDetail): HTMLElement[] {
  const { rollout, measured } = detail;
  const { analysis, policy } = rollout;
  if (analysis === null || policy.analysis === null) return [];
  if (measured.length === 0) {
    return [
      element('section', {}, [
        element('h2', {}, ['What users got']),
        element('p', {}, [planSentence(analysis.plan)]),
      ]),
    ];
  }
  const shown = limitsOf(analysis, policy.analysis).filter(({ allowed }) => allowed !== null);
  return [
    shareFigure(detail),
    ...shown.map((limits) => metricFigure(detail, limits)),
    ...damageFigure(detail),
  ];
}

function shareFigure(detail: RolloutDetail): HTMLElement {
  const { analysis } = detail.rollout;
  const label = `The new version's share of the requests, in ${counted(detail.measured.length, 'window')} of a minute.`;
  const plan = analysis === null ? '' : ` The plan: ${planSentence(analysis.plan)}.`;
  return figure({
    heading: 'What users got',
    caption: `${label}${plan} Hatched: no counts.`,
    content: [fitted((width) => sharePlot(detail, label, width)), windowTable(detail)],
  });
}

function metricFigure(detail: RolloutDetail, limits: MetricLimits): HTMLElement {
  const { metric, isDryRun } = limits;
  const sentence = judgementSentence(detail, metric);
  const parts = { detail, limits };
  const ratio = {
    ...parts,
    label: `How many times the old version's rate the new one's is, with 95 % certainty. ${sentence}`,
  };
  const evidence = {
    ...parts,
    label: `How many times likelier what was seen is if the new version is worse than allowed (red), and if it is better than would be unacceptable (green).`,
  };
  return figure({
    heading: isDryRun ? `${metric}, on trial` : metric,
    caption: `${sentence} ${evidence.label}`,
    content: [
      fitted((width) => ratioOverTime(ratio, width)),
      fitted((width) => evidenceOverTime(evidence, width)),
    ],
  });
}

function judgementSentence({ rollout }: RolloutDetail, metric: string): string {
  const judgement = measuredAnalysis(rollout)?.metrics.find(({ rule }) => rule.metric === metric);
  const misses = (rollout.policy.analysis?.missRatePercent ?? 0) / 100;
  return judgement === undefined ? '' : `${describeJudgement(judgement, misses)}.`;
}

function damageFigure(detail: RolloutDetail): HTMLElement[] {
  const damage = damageSentence(detail.rollout);
  if (damage === null) return [];
  const label = `Damage: ${damage}.`;
  return [
    figure({
      heading: 'Damage',
      caption: `${label} Until the old version had its users back.`,
      content: [fitted((width) => damagePlot(detail, label, width))],
    }),
  ];
}
