import colours from 'picocolors';
import { formatInstant } from '../../../state-machines/log/instant';
import { endOfRollout } from '../../../state-machines/protection/observed-protection';
import type { ProtectionPlan } from '../../../state-machines/protection/plan';
import { type FailedSurvey, isSurveyed, type SurveyedService, survey } from '../../guard/survey';
import type { ExitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { formatJsonList } from '../terminal/json-list';
import { say } from '../terminal/streams/standard-error';
import { printJson, printText } from '../terminal/streams/standard-output';
import type { GuardSession } from './guard-session';
import { formatPlan, formatPlanTotal, returnSentence } from './guard-text';
import { PlanTally } from './plan-tally';

/** `rewind guard plan`: prints each service as it is looked at, and returns the exit code. */
export async function runGuardPlan(session: GuardSession, format: Format): Promise<ExitCode> {
  const tally = new PlanTally();
  if (format === 'text') await printPlan(session, tally);
  else {
    const documents = planDocuments(session, tally);
    const rest = () => ({ schema: 'rewind.guard/1', summary: Object.fromEntries(tally.counts()) });
    await printJson(formatJsonList('services', documents, rest));
  }
  return session.codeAfter(tally.exitCode());
}

/** Prints the difference of every service that has one, and how many there are of each status. */
export async function printPlan(session: GuardSession, tally: PlanTally): Promise<void> {
  await printText(formatPlans(session, tally));
  for (const { service, because } of tally.failures()) {
    say(`${service} could not be looked at: ${because}`);
  }
  await printText([formatPlanTotal(tally.counts())]);
}

async function* formatPlans(session: GuardSession, tally: PlanTally): AsyncGenerator<string> {
  for await (const surveyed of surveyServices(session, tally)) {
    if (!isSurveyed(surveyed)) continue;
    const lines = formatPlan(surveyed.plan, planNote(surveyed), colours);
    if (lines.length > 0) session.progress.clear();
    for (const line of lines) yield `${line}\n`;
  }
}

async function* planDocuments(session: GuardSession, tally: PlanTally): AsyncGenerator<object> {
  for await (const surveyed of surveyServices(session, tally)) yield planDocument(surveyed);
}

async function* surveyServices(
  session: GuardSession,
  tally: PlanTally,
): AsyncGenerator<SurveyedService | FailedSurvey> {
  let seen = 0;
  for await (const surveyed of survey(session.parts, session.services())) {
    seen += 1;
    session.progress.show(seen);
    tally.add(surveyed);
    yield surveyed;
  }
  session.progress.clear();
}

function planNote(surveyed: SurveyedService): string | null {
  const { observed, plan, last } = surveyed;
  if (plan.status === 'busy' && observed.rollout !== null) {
    return `${observed.rollout.taskDefinition} is being deployed${returnSentence(endOfRollout(surveyed))}`;
  }
  if (last?.standing.isReleased !== true || plan.status !== 'change') return null;
  return 'it was undone: the scheduled guard leaves it alone until somebody applies again';
}

/** One service of `--format json`, where the status is called `verdict`. */
type PlanDocument = Omit<ProtectionPlan, 'alarms' | 'status'> & {
  readonly verdict: ProtectionPlan['status'];
  readonly returnsAt: string | null;
  readonly alarms: readonly object[];
};

function planDocument(surveyed: SurveyedService | FailedSurvey): PlanDocument | object {
  if (!isSurveyed(surveyed)) {
    const { service, error } = surveyed;
    return { service, verdict: 'failed', because: `${error.name}: ${error.message}` };
  }
  const { alarms, status: verdict, because, warnings, ...planned } = surveyed.plan;
  const returnsAt = verdict === 'busy' ? endOfRollout(surveyed) : null;
  return {
    ...planned,
    verdict,
    because,
    warnings,
    returnsAt: returnsAt === null ? null : formatInstant(returnsAt),
    alarms: alarms.map(({ action, alarm }) => ({ action, ...alarm })),
  };
}
