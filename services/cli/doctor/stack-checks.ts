import { type CheckResult, resultsOfCheck } from './check-result';
import { type ExaminedStack, resourcesOf } from './examined-stack';

const settled: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);
/** As serverless.yml names it. */
const versionOutput = 'RewindVersion';
/** AWS refuses signatures that are five minutes off; a minute is trouble to come. */
const skewSeconds = 60;

/** Whether the last deployment came to its end. */
export async function checkStack({ description }: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('stack');
  const { status, resources } = description;
  if (settled.has(status)) return [passed(`${status}, ${resources.length} resources`)];
  if (status.endsWith('_IN_PROGRESS')) {
    return [noted(`${status}: it is being deployed right now`, 'wait for the deployment and look again')];
  }
  return [failed(`${status}: the last deployment failed`, 'see the events of the stack, and deploy again')];
}

/** Whether stack and command line are of the same version. */
export async function checkVersion({ description, version }: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('version');
  const deployed = description.outputs[versionOutput];
  if (deployed === version) return [passed(`${version}, here and in the stack`)];
  const stack = deployed === undefined ? 'does not tell its version' : `is of version ${deployed}`;
  return [
    failed(`the stack ${stack}, this command of ${version}`, 'deploy with the version that you run here'),
  ];
}

/** Whether this machine agrees with AWS on the time. */
export async function checkClock({ stack }: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('clock');
  const ahead = stack.clockAheadSeconds();
  const told = `${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} AWS`;
  if (Math.abs(ahead) < skewSeconds) return [passed(Math.abs(ahead) < 2 ? 'agrees with AWS' : told)];
  return [failed(`this machine is ${told}`, 'set its clock: AWS refuses what is signed five minutes off')];
}

/** Whether the log's table is there, and tells the reconciler what is new. */
export async function checkTable(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('table');
  const [table] = resourcesOf(examined, 'AWS::DynamoDB::Table');
  if (table === undefined) return [failed('the stack has no table', 'deploy the stack again')];
  const { status, hasStream } = await examined.stack.table(table.physicalId);
  if (status !== 'ACTIVE')
    return [failed(`${table.physicalId} is ${status}`, 'wait, or restore it from its backup')];
  if (hasStream) return [passed(`${table.physicalId} is active, with its stream`)];
  return [
    failed(
      `the stream of ${table.physicalId} is off: nothing wakes the reconciler`,
      'deploy the stack again',
    ),
  ];
}
