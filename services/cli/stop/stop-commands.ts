import type { Command } from 'commander';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { TableOfStack } from '../../aws/operator/stack-tables';
import { counted } from '../../sentences/quantities';
import { answerAct } from '../session/act-answer';
import { type ActOptions, addActOptions } from '../session/act-options';
import { confirmChange, refuseToAskNobody } from '../session/confirmation';
import { openLoggedSession, type Session, type SessionLog } from '../session/session';
import { tellActIfPossible } from '../session/told-act';
import { askAws, changeAws } from '../terminal/aws-options';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';

const stopDescription = `Stop all of Rewind in this stage, account and region: from now on it writes nothing to ECS,
whatever it finds. It goes on to record and to tell. The services with a rollout under way are
told who did it, and why.`;

const startDescription = `Let Rewind act again: what was held back is taken up within a minute.`;

const switchHelp = (example: string) => `
Examples:
  ${example}

Exit codes:
${exitCodeLines({
  0: 'done',
  2: 'nothing was done: it is so already, it was declined, or a dry run',
  64: 'the command line is wrong, or several stages are there',
  66: 'there is no such stage',
})}`;

/** Adds `rewind stop` to the program. */
export function addStopCommand(program: Command): void {
  addSwitchCommand(program, 'stop', stopDescription);
}

/** Adds `rewind start` to the program. */
export function addStartCommand(program: Command): void {
  addSwitchCommand(program, 'start', startDescription);
}

const examples: { readonly [action in SwitchAction]: string } = {
  stop: 'rewind stop --stage prod --reason "it takes back what is good"',
  start: 'rewind start --stage prod',
};

function addSwitchCommand(program: Command, action: SwitchAction, description: string): void {
  addActOptions(program.command(action).description(description))
    .addHelpText('after', switchHelp(examples[action]))
    .action(async (options: ActOptions) => {
      if (action === 'stop' && options.reason === undefined) {
        throw new CommandError('--reason must say why: whoever meets it reads it', exitCode.usage);
      }
      process.exitCode = await turn(action, options);
    });
}

type SwitchAction = 'stop' | 'start';

async function turn(action: SwitchAction, options: ActOptions): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  const name = await switchOf(session, options);
  const wanted = action === 'stop' ? 'on' : 'off';
  const { killSwitchValue, turnKillSwitch } = await import('../../aws/operator/kill-switch-parameter');
  const client = await session.clients.parameters();
  const value = await askAws(`the kill switch ${name}`, () => killSwitchValue(client, name));
  const words = action === 'stop' ? 'Rewind writes nothing to ECS' : 'Rewind acts again';
  if (value === wanted)
    return answerAct(options.format, { sentence: `${name} is ${value} already: ${words}`, isDone: false });
  const live = await servicesUnderWay(session);
  const concerned = live.map((service) => partsOfService(service).path).join(', ');
  const under = `${counted(live.length, 'service')} with a rollout under way${concerned === '' ? '' : `: ${concerned}`}`;
  const isAgreed =
    !options.dryRun && (await confirmChange(`${name} → ${wanted}: ${words} (${under})?`, options));
  if (!isAgreed)
    return answerAct(options.format, {
      sentence: `${name} would be ${wanted}: ${words} (${under})`,
      isDone: false,
    });
  const act = { action, reason: options.reason ?? null } as const;
  const tellAll = () => Promise.all(live.map((service) => tellActIfPossible(session, service, act)));
  // What is to be stopped is stopped first: the log may wait, and it may not.
  if (action === 'start') await tellAll();
  await changeAws(`the kill switch ${name}`, () => turnKillSwitch(client, name, wanted));
  if (action === 'stop') await tellAll();
  const undo = action === 'stop' ? '; to undo: rewind start' : '; to undo: rewind stop';
  return answerAct(options.format, {
    sentence: `${name} is ${wanted}: ${words} (${under})${undo}`,
    isDone: true,
  });
}

/** The parameter of the stage, as its stack names it. Throws CommandError. */
async function switchOf(
  { clients, log }: Session & { log: SessionLog },
  options: ActOptions,
): Promise<string> {
  const { stackTables } = await import('../../aws/operator/stack-tables');
  const stage = options.stage ?? process.env.REWIND_STAGE;
  const found: readonly TableOfStack[] = await askAws('the stacks of CloudFormation', async () =>
    stackTables(await clients.cloudFormation(), stage ? `rewind-${stage}` : null),
  );
  const name = found.find(({ table }) => table === log.table)?.killSwitch ?? null;
  if (name !== null) return name;
  throw new CommandError(
    `no stack of Rewind here has the table ${log.table} and tells of a kill switch`,
    exitCode.noInput,
  );
}

/** Whatever wants to be woken at some time has a rollout that is not over. */
const endOfTime: Instant = instantFrom(Date.UTC(9999, 0, 1));

async function servicesUnderWay({ log }: { readonly log: SessionLog }): Promise<ServiceArn[]> {
  return askAws(`the table ${log.table}`, async () => {
    const services: ServiceArn[] = [];
    for await (const service of log.events.servicesToWake(endOfTime)) services.push(service);
    return services;
  });
}
