import { describe, expect, it } from 'vitest';
import { type InterleavedGates, interleaveAtGates } from './worlds/gate-interleaving';
import { type Interleaved, interleave } from './worlds/interleaving';

/**
 * How many orders are tried, and from which seed on: `npm run test:interleavings` tries five
 * thousand.
 */
const runs = Number(process.env.REWIND_INTERLEAVINGS ?? 40);
/** A release goes through four gates and a test: fewer orders of that show as much. */
const gateRuns = Number(process.env.REWIND_INTERLEAVINGS ?? 12);
const firstSeed = Number(process.env.REWIND_SEED ?? 1);

/** What is wrong with how it ended; nothing, when every promise was kept. */
async function faultsOf({ world, badDeployments }: Interleaved): Promise<string[]> {
  const { rollbacks, nativeRollbacks } = world;
  const told = await world.decisions('RollbackIssued', 'RollbackAdopted', 'RollbackRejected');
  const faults = badDeployments.flatMap((bad) => {
    const ours = rollbacks.filter(({ from }) => from === bad).length;
    const tales = told.filter(({ deployment }) => deployment === bad);
    const isOurs = tales.some(
      (tale) => tale.type === 'RollbackIssued' || ('by' in tale && tale.by === 'rewind'),
    );
    return [
      ...(ours > 1 ? [`${bad} was rolled back ${ours} times`] : []),
      ...(tales.length > 1 ? [`${bad}: ${tales.map(({ type }) => type).join(' and ')} are recorded`] : []),
      ...(tales.length === 1 && isOurs !== (ours === 1)
        ? [`${bad}: the log tells a lie about who did it`]
        : []),
    ];
  });
  if (rollbacks.length + nativeRollbacks !== badDeployments.length)
    faults.push(
      `${rollbacks.length} rollbacks by Rewind and ${nativeRollbacks} by ECS of ${badDeployments.length} rollouts`,
    );
  if (rollbacks.some(({ wasJudged }) => !wasJudged))
    faults.push('a deployment was overwritten that nobody had judged');
  if (world.primary().taskDefinition !== world.stable)
    faults.push('the service is not back on its stable task definition');
  return faults;
}

describe('any interleaving of several reconcilers, deaths, late answers, the circuit breaker and a stubborn pipeline', () => {
  it(`takes each bad rollout back exactly once, and the log tells who did it (I3) (seeds ${firstSeed} to ${firstSeed + runs - 1})`, async () => {
    const faults: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
      faults.push(...(await faultsOf(await interleave({ seed }))).map((fault) => `seed ${seed}: ${fault}`));
    }
    expect(faults).toEqual([]);
  }, 3_600_000);
});

/** What is wrong with how a release went from gate to gate. */
async function faultsAtGates({ gated, release, stable, next, sent }: InterleavedGates): Promise<string[]> {
  const { rewind } = gated;
  const decided = await rewind.decisions('GateDecided');
  const begun = await rewind.decisions('TestBegun');
  const ended = await rewind.decisions('TestEnded');
  const ends = [...(await rewind.decisions('GateAnswered')), ...(await rewind.decisions('GateOvertaken'))];
  const attempts = new Set(begun.map(({ deployment, attempt }) => `${deployment} ${attempt}`)).size;
  const calls = rewind.ecs.simulator.calls;
  const outcomes = await gated.outcomes();
  const isGood = release === 'good';
  const answerOf = (hookId: string) => decided.find((one) => one.hookId === hookId)?.answer;
  const twice = (hookIds: readonly string[]) => new Set(hookIds).size !== hookIds.length;
  const checks: readonly (readonly [boolean, string])[] = [
    [twice(decided.map(({ hookId }) => hookId)), 'a hook has two answers'],
    [twice(ends.map(({ hookId }) => hookId)), 'a hook has two ends'],
    [sent.some(({ hookId, action }) => answerOf(hookId) !== action), 'what was sent is not recorded'],
    [gated.answers > decided.length, `${gated.answers} answers took effect, ${decided.length} are recorded`],
    [calls.effective('RunTask').length !== attempts, 'an attempt of a test ran twice'],
    [twice(ended.map(({ test, attempt }) => `${test} ${attempt}`)), 'an attempt ended twice'],
    [(await rewind.runs()) !== (isGood ? next : stable), `the service runs ${await rewind.runs()}`],
    [outcomes[0] !== (isGood ? 'succeeded' : 'rolledBack'), `the release ended ${outcomes.join()}`],
    [calls.effective('StopServiceDeployment').length > 1, 'it was taken back twice'],
  ];
  return checks.flatMap(([isWrong, fault]) => (isWrong ? [`${release}: ${fault}`] : []));
}

describe('any interleaving of several reconcilers, their deaths and late answers at the gates of a release', () => {
  it(`gives each hook one answer, runs each attempt of a test once, and lets go on what is good alone (seeds ${firstSeed} to ${firstSeed + gateRuns - 1})`, async () => {
    const faults: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + gateRuns; seed += 1) {
      const interleaved = await interleaveAtGates(seed);
      const found = await faultsAtGates(interleaved);
      faults.push(...found.map((fault) => `seed ${seed}: ${fault}`));
      await interleaved.gated.rewind.stop();
    }
    expect(faults).toEqual([]);
  }, 3_600_000);
});
