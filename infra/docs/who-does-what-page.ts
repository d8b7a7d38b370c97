import { formatDuration } from '../../services/sentences/quantities';
import { type Ending, type Failure, failures, type Protection, play, protections } from './who-does-what';

interface CombinationRun {
  readonly failure: Failure;
  readonly protection: Protection;
  /** With Rewind, and with Rewind only observing: that is, with ECS alone. */
  readonly enforced: Ending;
  readonly observed: Ending;
}

/** Runs every combination of a failure, a protection of ECS's own and a mode of Rewind. */
export async function playAll(): Promise<CombinationRun[]> {
  const played: CombinationRun[] = [];
  for (const failure of Object.keys(failures) as Failure[]) {
    for (const protection of Object.keys(protections) as Protection[]) {
      const enforced = await play({ failure, protection, mode: 'enforce' });
      const observed = await play({ failure, protection, mode: 'observe' });
      played.push({ failure, protection, enforced, observed });
    }
  }
  return played;
}

/** The page docs/who-does-what.md, whole. */
export function whoDoesWhatPage(played: readonly CombinationRun[]): string {
  const sections = (Object.keys(failures) as Failure[]).map((failure) =>
    section(
      failure,
      played.filter((one) => one.failure === failure),
    ),
  );
  return `# Who does what

What ECS's own protections and Rewind do about the same bad deployment, in every combination. These tables are generated: each cell is a run
of the real Rewind on [the simulated ECS](../infra/ecs-simulator/README.md), whose times they are (\`npm run docs\`; a test
fails when a fresh run differs).

The service wants three tasks and runs web:1, which has proven itself. Then web:2 is deployed; times count from that UpdateService. Rewind
judges by its default rules and one alarm, and its bake takes seven minutes.
In the rows with alarms ECS has the same alarm, with a bake of two minutes. The strict circuit breaker trips at the first failed task and
forgives none. "Rewind only observes" is what ECS does alone.

- The first to act takes the deployment back, and the other stands aside: Rewind adopts a rollback by ECS and writes nothing; ECS sees a
  deployment that was stopped or replaced. There is never a second rollback.
- While ECS works on the deployment, Rewind *stops* it, and ECS restores the whole revision; when ECS has completed it or given it up,
  Rewind *deploys* web:1.
- ECS looks away once the deployment is complete, its own bake included. Rewind's bake begins there.
- All tasks that run and are lost within half a minute are one event to Rewind, as an outage makes one too: it waits for what becomes of the tasks that
  replace them.
- A protection of ECS without \`rollback\` gives the deployment up and leaves the service as it is.

In short, with rollback on where ECS has it: who takes web:2 back, and how long after its UpdateService web:1 is back.

${summary(played)}

${sections.join('\n')}`;
}

function section(failure: Failure, played: readonly CombinationRun[]): string {
  const rows = played.map(({ protection, enforced, observed }) => [
    protection,
    tell(observed),
    verdictIn(enforced),
    tell(enforced),
  ]);
  return `## ${failure.charAt(0).toUpperCase()}${failure.slice(1)}

${table(['ECS protects with', 'Rewind only observes', "Rewind's verdict", 'Rewind enforces'], rows)}
`;
}

function tell({ takenBackBy, call, isAdopted, backSeconds, failedSeconds, runs }: Ending): string {
  if (takenBackBy === 'nobody') {
    const [taskDefinition, state] = runs.split(' ');
    const since = state === 'FAILED' ? ` after ${duration(failedSeconds)}` : '';
    return `nobody: ${taskDefinition} stays, ${state}${since}`;
  }
  const back = `web:1 is back after ${duration(backSeconds)}`;
  if (takenBackBy !== 'Rewind') return `**${takenBackBy}**${isAdopted ? ', adopted' : ''}; ${back}`;
  return `**Rewind** ${call === 'UpdateService' ? 'deploys web:1' : 'stops it'}; ${back}`;
}

function verdictIn({ verdict, verdictSeconds }: Ending): string {
  return verdict === null ? 'none' : `${verdict}, after ${duration(verdictSeconds)}`;
}

function duration(seconds: number | null): string {
  return seconds === null ? '?' : formatDuration(seconds * 1000);
}

/** The table at the top of the page: who takes web:2 back, and when web:1 is back. */
function summary(played: readonly CombinationRun[]): string {
  const rows = (Object.keys(failures) as Failure[]).map((failure) => {
    const under = (protection: Protection) =>
      played.find((one) => one.failure === failure && one.protection === protection);
    const alone = [under('circuit breaker with rollback'), under('both with rollback')];
    const withRewind = [
      under('none'),
      under('both with rollback'),
      under('strict circuit breaker with rollback'),
    ];
    const endings = [...alone.map((one) => one?.observed), ...withRewind.map((one) => one?.enforced)];
    return [failure, ...endings.map(who)];
  });
  const header = [
    'web:2',
    'circuit breaker',
    'breaker, alarms',
    'Rewind',
    'Rewind, breaker, alarms',
    'Rewind, strict breaker',
  ];
  return table(header, rows);
}

function who(ending: Ending | undefined): string {
  if (ending === undefined || ending.takenBackBy === 'nobody') return 'nobody';
  return `${ending.takenBackBy.split(',')[0]}, ${duration(ending.backSeconds)}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
