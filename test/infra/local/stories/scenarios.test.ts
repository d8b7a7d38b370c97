import { rmSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../../../infra/local/stack';
import { faultsOf } from '../../../../infra/local/stories/ending';
import { type Scenario, type ScenarioName, scenarios } from '../../../../infra/local/stories/scenarios';
import { playStory, type Told } from '../../../../infra/local/stories/story';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../../state-machines/log/identifiers';
import { rewind, temporaryFiles } from '../../../services/cli/rewind';

const speed = 80;
const files = temporaryFiles();
afterAll(() => rmSync(files.path, { recursive: true, force: true }));

let stack: Stack | undefined;
afterEach(() => stack?.stop());

/** Plays a scenario; its lines are the timeline without the times. */
async function played(name: ScenarioName): Promise<Told & { lines: string[] }> {
  const scenario: Scenario = scenarios[name];
  // Nothing happens in most bakes: a short one tells the same.
  const bake = name === 'crash-in-bake' ? 120 : 20;
  const policy = scenario.policy.replace('bakeSeconds: 120', `bakeSeconds: ${bake}`);
  stack = await startStack({ speed, policy });
  const lines: string[] = [];
  const { told } = await playStory({
    stack,
    scenario,
    speed,
    signal: new AbortController().signal,
    print: ({ moment, count }) => lines.push(`${moment.who}: ${moment.tell(count)}`),
  });
  expect(faultsOf(told, scenario.ending)).toEqual([]);
  const file = await exportLog(stack, name);
  await expectEveryDecisionConfirmed(file);
  await expectTheSameVerdictAgain(told, file);
  return { ...told, lines };
}

/** What Rewind decided on web:2, each once: on a busy machine a request's lease may run out, and there is another. */
function decidedTypes({ recorded, rollout }: Told): string[] {
  const types = recorded
    .map(({ event }) => event)
    .filter((event) => 'madeWith' in event && event.deployment === rollout?.deployment)
    .map(({ type }) => type);
  return [...new Set(types)];
}

const takenBack = [
  'RolloutOpened',
  'VerdictReached',
  'RollbackRequested',
  'RollbackIssued',
  'RolloutConcluded',
];

describe('a bad deployment', () => {
  it.each([
    ['crash-loop', 'essential-container-exited'],
    ['failing-health-check', 'container-health-check'],
    ['unpullable-image', 'image-pull'],
  ] as const)('is taken back once while ECS rolls it out: %s', async (name, taskClass) => {
    const told = await played(name);
    expect(decidedTypes(told)).toEqual(takenBack);
    expect(told.rollout?.verdict).toMatchObject({ result: 'failed', reason: 'TaskFailures' });
    expect(told.rollout?.evidence.byClass[taskClass]).toBeGreaterThanOrEqual(2);
    expect(runsOf(told)).toBe('web:1');
    expect(effectiveWrites()).toEqual(['StopServiceDeployment']);
  });

  it('is replaced by the stable task definition when it fails in its bake', async () => {
    const told = await played('crash-in-bake');
    expect(decidedTypes(told)).toEqual(takenBack);
    expect(told.rollout?.transitions.map(({ to }) => to)).toEqual(['baking', 'rollingBack', 'done']);
    expect(runsOf(told)).toBe('web:1');
    expect(effectiveWrites()).toEqual(['UpdateService']);
    // CloudTrail tells who called.
    const callers = told.recorded.flatMap(({ event }) => (event.type === 'ServiceUpdated' ? [event.by] : []));
    expect(callers).toEqual([
      expect.stringMatching(/user\/operator$/),
      expect.stringMatching(/user\/rewind$/),
    ]);
  });

  it('that ECS itself takes back is left to ECS', async () => {
    const told = await played('native-rollback');
    expect(decidedTypes(told)).not.toContain('RollbackIssued');
    expect(told.rollout?.verdict?.reason).toBe('NativeFailure');
    expect(told.rollout?.rollback?.by).toBe('ecs');
    expect(runsOf(told)).toBe('web:1');
    expect(effectiveWrites()).toEqual([]);
  });

  it('stays where the policy only observes, and the story says what would have been done', async () => {
    const told = await played('observe');
    expect(decidedTypes(told)).toEqual([
      'RolloutOpened',
      'VerdictReached',
      'DeadlineElapsed',
      'RolloutConcluded',
    ]);
    expect(told.lines).toContain(
      'Rewind: only observes: it would have gone back to web:1, and writes nothing to ECS',
    );
    expect(runsOf(told)).toBe('web:2');
    expect(effectiveWrites()).toEqual([]);
  });
});

describe('a good deployment', () => {
  it('survives its bake and is stable', async () => {
    const told = await played('healthy');
    expect(decidedTypes(told)).toEqual([
      'RolloutOpened',
      'BakeElapsed',
      'VerdictReached',
      'RolloutConcluded',
    ]);
    expect(told.lines.at(-1)).toBe('Rewind: web:2 is stable now');
    expect(runsOf(told)).toBe('web:2');
    expect(effectiveWrites()).toEqual([]);
  });
});

/** Of the service, asked of ECS. */
function runsOf({ serviceNow }: Told): string {
  return shortTaskDefinition(serviceNow.service.taskDefinition as TaskDefinitionArn);
}

/** What changed the service since the operator deployed web:2, as ECS counts it. */
function effectiveWrites(): string[] {
  const calls = stack?.ecs.simulator.calls.list() ?? [];
  const deployed = calls.findIndex(({ operation }) => operation === 'UpdateService');
  return calls.slice(deployed + 1).flatMap(({ operation, hadEffect }) => (hadEffect ? [operation] : []));
}

/** What the log holds after the story, to be judged by processes of their own. */
async function exportLog({ dynamoDb }: Stack, name: string): Promise<string> {
  const file = `${files.path}/${name}-log.jsonl.gz`;
  const table = ['--table', dynamoDb.tableName, '--endpoint-url', dynamoDb.endpoint];
  const exported = await rewind(['export', '--all', ...table, '--output', file]);
  expect(exported.code).toBe(0);
  return file;
}

async function expectEveryDecisionConfirmed(file: string): Promise<void> {
  const { code, stdout } = await rewind(['audit', '--verify', '--all', '--from', file]);
  expect(stdout).toMatch(
    /^prod\/web {2}(\d+) decisions: \1 confirmed\n1 service, \1 decisions: \1 confirmed\n$/,
  );
  expect(code).toBe(0);
}

async function expectTheSameVerdictAgain({ rollout }: Told, file: string): Promise<void> {
  const { code, stdout, stderr } = await rewind(['replay', file, '--format', 'json']);
  expect([code, stderr]).toEqual([0, '']);
  const replayed: { deployment: string; verdict: object; outcome: string }[] = JSON.parse(stdout).rollouts;
  const again = replayed.find(({ deployment }) => deployment === rollout?.deployment);
  expect(again?.verdict).toMatchObject({
    result: rollout?.verdict?.result,
    reason: rollout?.verdict?.reason,
    message: rollout?.verdict?.message,
    eventId: rollout?.verdict?.eventId,
  });
  expect(again?.outcome).toBe(rollout?.outcome);
}
