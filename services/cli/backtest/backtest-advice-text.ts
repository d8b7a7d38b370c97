import { partsOfService } from '../../../state-machines/log/identifiers';
import type { Estimate } from '../../../state-machines/replay/policy-choice';
import { emptyScore, notCaught } from '../../../state-machines/replay/policy-score';
import { counted, countOf, formatDuration, within } from '../../sentences/quantities';
import type { Colours } from '../terminal/colours';
import { alignedRows, labelled } from '../terminal/text-layout';
import type { Backtest } from './backtest';
import { type Readiness, type ServiceAdvice, servicesWithoutBad } from './backtest-advice';
import type { PolicyValues } from './backtest-sweep';

/** What a history advises: for all services, then for those that need somebody's look. */
export function adviceLines(backtest: Backtest, colours: Colours): string[] {
  return [
    ...labelled('enforced', enforcedSentence(backtest)),
    ...choiceLines(backtest),
    ...serviceLines(backtest, colours),
  ];
}

/** What enforcing the policy as it is given would have done in the time of the history. */
function enforcedSentence({ plan, trials, milliseconds }: Backtest): string {
  const score = trials[0] ?? emptyScore;
  const { good, bad, falseRollbacks, caught, leftToOthers, missed } = score;
  const ofGood = `${falseRollbacks} of ${counted(good, 'good rollout')} taken back${within(falseRollbacks, good)}`;
  const ofBad = `${caught} of ${counted(bad, 'bad one')} caught, ${leftToOthers} left to ECS or people, ${missed} missed`;
  const open = bad === 0 ? '' : `; not caught: ${notCaught(score)}${within(notCaught(score), bad)}`;
  return `${plan.names.after}, in these ${formatDuration(milliseconds)}: ${ofGood}; ${ofBad}${open}`;
}

function choiceLines({ plan, trials, choice }: Backtest): string[] {
  if (plan.wish === null) return [];
  if (choice === null) {
    const most = `${100 * plan.wish.falseAtMost} %`;
    return labelled('choice', `nothing that was tried takes back at most ${most} of the good rollouts`);
  }
  const { combination, cost, saving, unseen } = choice;
  const { falseRollback, missed } = plan.wish.prices;
  const score = trials[combination] ?? emptyScore;
  const sum = `${score.falseRollbacks} false at ${falseRollback} and ${notCaught(score)} not caught at ${missed} cost ${estimateText(cost)}`;
  const half =
    unseen === null ? '' : `; chosen on one half of the services and measured on the other: ${short(unseen)}`;
  return [
    ...labelled('choice', `${settingWords(plan.combinations[combination] ?? {})}: ${sum}${half}`),
    ...labelled(
      '',
      combination === 0
        ? 'nothing that was tried costs less'
        : `${estimateText(saving)} less than the policy as it is given`,
    ),
  ];
}

/** A choice of values in words. */
function settingWords(values: PolicyValues): string {
  const settings = Object.entries(values).map(([key, value]) => `${key} ${value}`);
  return settings.length === 0 ? 'the policy as it is given' : settings.join(', ');
}

function estimateText({ value, from, to }: Estimate): string {
  return `${short(value)} (${short(from)} to ${short(to)})`;
}

function short(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(0) : String(Math.round(value * 10) / 10);
}

const servicesShown = 12;

const readinessWords: { readonly [readiness in Readiness]: string } = {
  ready: 'enforce',
  tooMany: 'too many false',
  unknown: 'not known yet',
};

function serviceLines({ plan, services }: Backtest, colours: Colours): string[] {
  const noteworthy = services.filter(isNoteworthy);
  const rows = noteworthy
    .slice(0, servicesShown)
    .map(({ service, mode, score, readiness, better }) => [
      partsOfService(service).path,
      mode,
      countOf(score.falseRollbacks, score.good),
      countOf(notCaught(score), score.bad),
      `${readinessWords[readiness]}${better === null ? '' : `; ${settingWords(plan.combinations[better.combination] ?? {})}`}`,
    ]);
  const heads = ['service', 'mode', 'false', 'not caught', 'advice'];
  const [head = '', ...lines] = alignedRows([heads, ...rows], (column) => column === 2 || column === 3);
  const rest = noteworthy.length - rows.length;
  return [
    ...labelled('services', servicesSentence(services)),
    ...(rows.length === 0 ? [] : ['', colours.bold(head), ...lines]),
    ...(rest === 0 ? [] : [`… and ${counted(rest, 'service')} more, in --format json`]),
  ];
}

/** Where there is something to do: fewer false ones to wish for, or a mode to change. */
function isNoteworthy({ mode, readiness, better }: ServiceAdvice): boolean {
  return better !== null || (mode === 'enforce' ? readiness === 'tooMany' : readiness === 'ready');
}

function servicesSentence(services: readonly ServiceAdvice[]): string {
  const count = (wanted: Readiness) => services.filter(({ readiness }) => readiness === wanted).length;
  return `${count('ready')} may be enforced, ${count('tooMany')} would lose too many good rollouts, of ${count('unknown')} too little is known`;
}

/** What to think of a history in which nothing bad shows; null where there is nothing to say. */
export function withoutBadSentence({ services, truths, trials }: Backtest): string | null {
  const without = servicesWithoutBad(services);
  const isMostOfThem = 2 * without.falseRollbacks > (trials[0]?.falseRollbacks ?? 0);
  if (without.services === 0 || (truths.bad > 0 && !isMostOfThem)) return null;
  const where = truths.bad === 0 ? 'this history' : `the history of ${counted(without.services, 'service')}`;
  const doubted = `${counted(without.falseRollbacks, 'rollout')} that count here as false may be catches`;
  return (
    `Nothing in ${where} is bad: where neither ECS nor people took releases back, a bad one looks like a good one. ` +
    `${doubted}, and laxer policies look better than they are. Label them: --labels-template FILE, then --labels FILE.`
  );
}
