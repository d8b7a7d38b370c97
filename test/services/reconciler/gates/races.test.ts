import { afterEach, describe, expect, it } from 'vitest';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import type { EventLog } from '../../../../services/event-log/event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { type Gate, gatedEcs, gatedLog } from '../worlds/gated-effects';
import { service } from '../worlds/rewind-at-work';
import { GatedService } from './gated-service';

let gated: GatedService;
const started: GatedService[] = [];
afterEach(() => {
  for (const { rewind } of started.splice(0)) rewind.stop();
});

async function start(...given: Parameters<typeof GatedService.start>): Promise<void> {
  gated = await GatedService.start(...given);
  started.push(gated);
}

const stage = 'POST_TEST_TRAFFIC_SHIFT';
const policies = parsePolicyFile(`defaults: { bakeSeconds: 60, gates: { stages: [${stage}] } }`, 'policy');

/** A service that waits at its gate, of which no reconciler has been told. */
async function waiting(): Promise<string> {
  await start([stage]);
  await gated.rewind.withStable();
  await gated.deploy();
  await gated.rewind.pass(30);
  gated.rewind.isAwake = false;
  return gated.passUntilWaiting();
}

const wakeUp = { service, changedFrom: null };
const decided = async () =>
  (await gated.rewind.decisions('GateDecided')).map(({ hookId, answer }) => [hookId, answer]);

/** A reconciler that dies before or behind the effect of a number. */
function dyingAt(number: number, isBefore: boolean) {
  let effects = 0;
  const dieAt = (isBeforeNow: boolean) => {
    if (isBeforeNow) effects += 1;
    if (effects === number && isBeforeNow === isBefore) throw new Error('died');
  };
  const gate: Gate = { before: async () => dieAt(true), after: async () => dieAt(false) };
  const log: EventLog = gatedLog(gated.rewind.log, gate);
  return gated.rewind.reconcilerWith({ policies, log, ecs: gatedEcs(ownEcs(), gate) });
}

const faultsOf = () => gated.rewind.ecs.simulator.faults;
type Refusal = Pick<Parameters<ReturnType<typeof faultsOf>['fail']>[0], 'error' | 'times'>;

function refuseAnswers(refusal: Refusal): () => void {
  return faultsOf().fail({ operation: 'ContinueServiceDeployment', message: 'refused', ...refusal });
}

const ownEcs = (): Ecs => awsEcs(gated.rewind.rewindsClient());

describe('a gate', () => {
  it('R27 has one answer, whichever of two reconcilers dies at whatever await, and the other goes on', async () => {
    for (const isBefore of [true, false]) {
      for (const number of [4, 9, 14, 19]) {
        const hookId = await waiting();
        const others = [dyingAt(number, isBefore), gated.rewind.reconcilerWith({ policies, ecs: ownEcs() })];
        await Promise.allSettled(others.map((reconcile) => reconcile(wakeUp)));
        gated.rewind.isAwake = true;
        await gated.rewind.pass(90);
        expect(await decided()).toEqual([[hookId, 'CONTINUE']]);
        expect([gated.answers, await gated.openHooks()]).toEqual([1, []]);
        const ends = [
          ...(await gated.rewind.decisions('GateAnswered')),
          ...(await gated.rewind.decisions('GateOvertaken')),
        ];
        expect(ends).toHaveLength(1);
      }
    }
  }, 60_000);

  it('R28 whose answer took effect and whose reply was lost is told as over, and not answered again', async () => {
    await waiting();
    const ecs: Ecs = {
      ...ownEcs(),
      answerHook: async (hook) => {
        await ownEcs().answerHook(hook);
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
    };
    await gated.rewind.reconcilerWith({ policies, ecs })(wakeUp);
    gated.rewind.isAwake = true;
    await gated.rewind.pass(200);
    expect(gated.answers).toBe(1);
    expect(await gated.rewind.decisions('GateAnswered')).toEqual([]);
    expect(await gated.rewind.decisions('GateOvertaken')).toMatchObject([{ found: 'HOOK_SUCCEEDED' }]);
  });

  it.each(['ConflictException', 'InvalidParameterException', 'ClientException'] as const)(
    'R28 that somebody answers before Rewind’s call comes is theirs, whichever error ECS has for that: %s',
    async (error) => {
      await waiting();
      const ecs: Ecs = {
        ...ownEcs(),
        async answerHook(hook) {
          await gated.answer('CONTINUE');
          refuseAnswers({ error, times: 1 });
          return ownEcs().answerHook(hook);
        },
      };
      await gated.rewind.reconcilerWith({ policies, ecs })(wakeUp);
      gated.rewind.isAwake = true;
      await gated.rewind.pass(1_200);
      expect(await gated.rewind.decisions('GateOvertaken')).toMatchObject([{ found: 'HOOK_SUCCEEDED' }]);
      expect(await gated.rewind.decisions('GateHeld')).toEqual([]);
      expect([gated.answers, await gated.outcomes()]).toEqual([1, ['succeeded']]);
    },
  );

  it('that waits on, whatever error ECS refuses the answer with, is told once and answered later', async () => {
    await waiting();
    const end = refuseAnswers({ error: 'InvalidParameterException' });
    gated.rewind.isAwake = true;
    await gated.rewind.pass(300);
    expect(await gated.rewind.decisions('GateHeld')).toMatchObject([
      { reason: 'refused', missing: ['InvalidParameterException: refused'] },
    ]);
    end();
    await gated.rewind.pass(1_200);
    expect([gated.answers, await gated.outcomes()]).toEqual([1, ['succeeded']]);
  });

  it('R26 of the next step is not answered by what was decided for the one before', async () => {
    const steps = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
    await start([steps]);
    await gated.rewind.withStable();
    await gated.deploy();
    await gated.rewind.pass(30);
    gated.rewind.isAwake = false;
    const first = await gated.passUntilWaiting();
    const answered: string[] = [];
    let second: string | undefined;
    const ecs: Ecs = {
      ...ownEcs(),
      async answerHook(hook) {
        answered.push(hook.id);
        // It stands still until a person has answered, and ECS waits before the next step.
        await gated.answer('CONTINUE');
        second = await gated.passUntilWaiting();
        return ownEcs().answerHook(hook);
      },
    };
    await gated.rewind.reconcilerWith({ policies: gated.policies, ecs })(wakeUp);
    expect([answered, await gated.openHooks()]).toEqual([[first], [second]]);
    expect(second).not.toBe(first);
    gated.rewind.isAwake = true;
    await gated.rewind.pass(300);
    expect(await decided()).toEqual([
      [first, 'CONTINUE'],
      [second, 'CONTINUE'],
    ]);
    expect(gated.answers).toBe(2);
  });

  it('R63 is answered by the policy that the rollout was opened with, whatever the file says by now', async () => {
    const hookId = await waiting();
    const later = parsePolicyFile(
      `defaults: { gates: { stages: [${stage}], minimumSeconds: 3000 }, tests: [{ name: late, answeredBy: ci }] }`,
      'policy',
    );
    await gated.rewind.reconcilerWith({ policies: later, ecs: ownEcs() })(wakeUp);
    expect([await decided(), gated.answers]).toEqual([[[hookId, 'CONTINUE']], 1]);
  });

  it('R59 is not answered while the kill switch is on, and that is told with the end of the wait', async () => {
    await waiting();
    let isHeld = true;
    const killSwitch = { heldBecause: async () => (isHeld ? 'the kill switch is on' : null) };
    const reconcile = gated.rewind.reconcilerWith({ policies, ecs: ownEcs(), killSwitch });
    await reconcile(wakeUp);
    await reconcile(wakeUp);
    expect([gated.answers, await decided()]).toEqual([0, []]);
    expect(await gated.rewind.decisions('GateHeld')).toMatchObject([
      { reason: 'held', missing: ['the kill switch is on'], expiresAt: expect.any(Number) },
    ]);
    isHeld = false;
    await reconcile(wakeUp);
    expect(gated.answers).toBe(1);
  });

  it('that stays undecided is held for a person, goes on or is taken back, as the policy says', async () => {
    for (const [onUndecided, end] of [
      ['hold', ['GateHeld']],
      ['continue', ['CONTINUE']],
      ['rollback', ['ROLLBACK']],
    ] as const) {
      await start(['POST_PRODUCTION_TRAFFIC_SHIFT'], {
        gates: `holdSeconds: 300, onUndecided: ${onUndecided}`,
        more: 'analysis: standard',
      });
      await gated.rewind.withStable();
      await gated.deploy();
      await gated.rewind.pass(1_200);
      const held = (await gated.rewind.decisions('GateHeld')).map(({ type }) => type);
      const answers = (await gated.rewind.decisions('GateDecided')).map(({ answer }) => answer);
      expect([...held, ...answers]).toEqual(end);
    }
  });
});
