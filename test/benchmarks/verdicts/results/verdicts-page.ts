import { defaultPolicy } from '../../../../state-machines/log/policy';
import { kinds } from '../kinds/kinds';
import { kindTexts } from './kind-texts';
import type { resultTables, Table } from './result-tables';
import { reasonsForWorse, worseKinds } from './worse-kinds';

/** What the page is made of. */
export interface RecordedResult {
  readonly tables: ReturnType<typeof resultTables>;
  readonly watch: Table;
  readonly histories: number;
  /** Bad ones that never showed a sign, in percent of the bad. */
  readonly silentPercent: number;
  /** Some of the verdicts, for a test to make again. */
  readonly slice: readonly RecordedVerdicts[];
}

/** When each judge failed a history, in seconds from the start of its rollout; null for never. */
export interface RecordedVerdicts {
  readonly kind: string;
  readonly size: number;
  readonly seed: number;
  readonly failedAfter: readonly (number | null)[];
}

/** What the page calls Rewind's judges. */
export const ruleNames = { percent: 'fixed rule', evidence: 'evidence' } as const;

/** The page docs/verdicts.md, whole. */
export function verdictsPage({ tables, watch, histories, silentPercent }: RecordedResult): string {
  const ours = ruleNames[defaultPolicy.failureRule];
  return `# How good verdicts are

${histories.toLocaleString('en-US')} labelled rollouts of ${kinds.length} kinds, of one to 200 tasks, on the simulated ECS, and what each judge says of the same histories. \`npm run bench verdicts\` makes this
page ([how](../test/benchmarks/verdicts/README.md)). The mix is hostile on purpose: in most of its good rollouts something goes wrong that is not the release's fault, and half of the
bad ones belong to services that lose tasks anyway. **Read the kinds, not the totals**, for a service of your own.

- *False*: a good rollout that gets a failed verdict. *Missed*: a bad one that gets none; in every delay it counts as never.
- *After the sign*: from the first notification of what is the release's own fault, a loss or an alarm. Nobody can know before, except where a rollout hangs.
- A rate is the mean over kinds and sizes, and in brackets stands its 95 % interval. Bad rollouts that show no sign (${silentPercent} %) are left out.

The judges: **ECS breaker**, the circuit breaker with its default threshold, and **ECS strict**, one that fails at the first failed task (\`COUNT\` 1, no reset), both with native alarms where a
service has an alarm; **article**, [the rule of an AWS article](https://aws.amazon.com/blogs/compute/automating-rollback-of-failed-amazon-ecs-deployments) (more than 10 % of the tasks failed a health check,
looked at once after five minutes); Rewind with **fixed rule** (\`failureRule: percent\`) and with **evidence** (\`failureRule: evidence\`), also **in the bake** alone (\`probationSeconds: 0\`). Rewind's default is **${ours}**.

## The mix

${markdown(tables.totals)}

The last two columns are halves of the bad rollouts that were caught: the tasks that the release started by then, as a multiple of the service's, and for how many minutes the
whole service would have been served by it. *Of the caught* leaves out the missed: half of all bad ones are late where a judge misses many. What makes Rewind late is
mostly a second failure that has to come: leaks and rare crashes show one only minutes after the first.

${markdown(tables.sizes)}

${markdown(tables.groups)}

Nothing that ECS tells distinguishes a *hopeless* good rollout from a bad one. It is left out of the totals, as are the *added* kinds.

## Where Rewind is worse

${whereWorse(tables.kinds)}

## A watch of 24 hours

Good releases of services that lose 1 % of their tasks an hour, watched for a day by \`bakeSeconds: 86400\`:

${markdown(watch)}

## Every kind

For bad kinds: missed in percent, then the delay after the first sign of half and of 90 %.

${markdown(withTexts(tables.kinds))}

## What this does not say

- The kinds are somebody's choice, and so are their weights. Totals say nothing of your fleet.
- The simulator draws zones and durations evenly, its batches fail together, and draining takes 300 s. ECS places tasks in other ways.
- What ECS's breakers would do is counted in runs without them. A test holds that breakers which run fail at the same moments. Native alarms are polled every 8 s here.
- Every service has one container check, load balancer or neither, rolls out by replacement and has two days, or one to two hours, of past. Traffic shifts are not in it.
- Rules and parameters were chosen on seeds 1 to 12; every figure of the judges is of seeds 13 to 16.
`;
}

/** The good kinds in which Rewind takes back more than ECS's default breaker, and why. */
function whereWorse(kindsTable: Table): string {
  const byEvidence = worseKinds(kindsTable, ruleNames.evidence);
  const byPercent = worseKinds(kindsTable, ruleNames.percent);
  const rows = byEvidence.map(({ kind, ours, breaker }) => [
    kind,
    `${ours} %`,
    `${breaker} %`,
    reasonsForWorse[kind] ?? '',
  ]);
  const named = byPercent.map(({ kind, ours, breaker }) => `${kind} (${ours} % to ${breaker} %)`);
  return `In these good kinds Rewind takes back more by \`evidence\` than ECS's default breaker. The breaker forgives every failure as soon as one task gets up, which is why it
also misses most of what is bad.

${markdown([['kind', 'evidence', 'ECS breaker', 'why'], ...rows])}

By the fixed rule it takes back more in ${named.join(', ')}. That rule counts failures and nothing else: it knows neither how the service's tasks always ended nor what else
may be to blame.`;
}

function withTexts(table: Table): Table {
  return table.map((row, index) => [
    ...row.slice(0, 2),
    index === 0 ? 'what is the matter' : (kindTexts[row[0] ?? ''] ?? ''),
    ...row.slice(2),
  ]);
}

function markdown([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
