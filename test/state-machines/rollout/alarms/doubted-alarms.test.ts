import { describe, expect, it } from 'vitest';
import { rolloutsOf } from '../../judging';
import { alarm, completed, deploymentId, provenFirst, running, second, started } from '../../story';

const day = 86_400;
const policy = { failureRule: 'evidence', alarms: ['errors'] } as const;

const raised = (seconds: number) => alarm('errors', seconds, ['OK', 'ALARM']);
const over = (seconds: number) => alarm('errors', seconds, ['ALARM', 'OK']);

/** Deployment 2 starts two days after the first has proved itself, and completes in a minute. */
const start = 2 * day;
const release = [
  started(2, start),
  running('b1', start + 20, { deployment: 2 }),
  completed(2, start + 60),
] as const;
/** The alarm was raised for a minute, a day before. */
const aDayBefore = [raised(day), over(day + 60)];

function verdictOf(events: ReturnType<typeof raised>[], given: object = policy) {
  const rollouts = rolloutsOf([...provenFirst, ...release, ...events], {
    policy: given,
    until: start + 5000,
  });
  return rollouts.find(({ deployment }) => deployment === deploymentId(2))?.verdict;
}

describe('an alarm that has not been raised in the week before', () => {
  it('is believed at once', () => {
    expect(verdictOf([raised(start + 100)])).toMatchObject({
      reason: 'AlarmRaised',
      message: 'alarm errors went to ALARM',
      at: second(start + 100),
    });
  });

  it('is so too when it was raised earlier than that', () => {
    const long = 9 * day;
    const events = [started(3, long), running('c1', long + 20, { deployment: 3 })];
    const rollouts = rolloutsOf([...provenFirst, ...aDayBefore, ...events, raised(long + 100)], {
      policy,
      until: long + 200,
    });
    expect(rollouts.at(-1)?.verdict).toMatchObject({ at: second(long + 100) });
  });
});

describe('an alarm that was raised without a rollout in the week before', () => {
  it('is not believed while it may pass', () => {
    expect(verdictOf([...aDayBefore, raised(start + 100), over(start + 390)])).toMatchObject({
      result: 'passed',
    });
  });

  it.each(['constructor', '__proto__'])('is not so where it is called %s', (name) => {
    const changes = [raised(day), over(day + 60), raised(start + 100), over(start + 390)];
    const events = changes.map((event) => ({ ...event, alarmName: name }));
    const given = { ...policy, alarms: [name] };
    expect(verdictOf(events, given)).toMatchObject({ result: 'passed' });
    expect(verdictOf(events.slice(0, 3), given)?.reason).toBe('AlarmRaised');
  });

  it('is believed when it lasts, and says why it was doubted', () => {
    expect(verdictOf([...aDayBefore, raised(start + 100)])).toMatchObject({
      reason: 'AlarmRaised',
      message:
        'alarm errors has been in ALARM for 300 s (it was raised once in the week before, with no release to blame)',
      at: second(start + 400),
    });
  });

  it('is believed when it lasts beyond the end of the bake', () => {
    expect(verdictOf([...aDayBefore, raised(start + 200)])).toMatchObject({
      reason: 'AlarmRaised',
      at: second(start + 500),
    });
  });

  it('lets the bake pass where it is over before it has lasted', () => {
    expect(verdictOf([...aDayBefore, raised(start + 200), over(start + 450)])).toMatchObject({
      result: 'passed',
      at: second(start + 501),
    });
  });

  it('is believed when it is raised the third time in half an hour', () => {
    const flapping = [0, 100, 200].flatMap((after) => [
      raised(start + 70 + after),
      over(start + 100 + after),
    ]);
    expect(verdictOf([...aDayBefore, ...flapping])).toMatchObject({
      reason: 'AlarmRaised',
      message: expect.stringContaining('third time'),
      at: second(start + 270),
    });
  });

  it('is believed at once by the rule `percent`', () => {
    const byPercent = { ...policy, failureRule: 'percent' } as const;
    const verdict = verdictOf([...aDayBefore, raised(start + 100)], byPercent);
    expect(verdict).toMatchObject({ at: second(start + 100) });
  });
});

describe('an alarm into whose incident a release is deployed', () => {
  const incident = [raised(start - 300)];
  const flaps = [10, 80, 150, 220, 290].flatMap((after) => [over(start + after), raised(start + after + 20)]);

  it('does not fail the release that mends it, however often it is raised', () => {
    expect(verdictOf([...incident, ...flaps, over(start + 340)])).toMatchObject({ result: 'passed' });
  });

  it('is an incident also where it is over for a moment when the release starts', () => {
    const before = [raised(start - 300), over(start - 60)];
    expect(verdictOf([...before, raised(start + 100), over(start + 390)])).toMatchObject({
      result: 'passed',
    });
  });

  it('is believed when it has been OK and then lasts', () => {
    expect(verdictOf([...incident, over(start + 30), raised(start + 50)])).toMatchObject({
      reason: 'AlarmRaised',
      message:
        'alarm errors has been in ALARM for 300 s (it was raised when the rollout started, or shortly before)',
      at: second(start + 350),
    });
  });
});

describe('an alarm that is raised in the probation of an earlier release', () => {
  const earlier = [started(2, 1000), running('b1', 1020, { deployment: 2 }), completed(2, 1060)] as const;
  const later = [
    started(3, start),
    running('c1', start + 20, { deployment: 3 }),
    completed(3, start + 60),
    raised(start + 1000),
    over(start + 1100),
  ];
  const lastOf = (between: readonly ReturnType<typeof raised>[], given: object = policy) =>
    rolloutsOf([...provenFirst, ...earlier, ...between, ...later], { policy: given, until: start + 5000 }).at(
      -1,
    );

  it('and is soon over although nobody goes back, is doubted of the next one', () => {
    expect(lastOf([raised(2000), over(2200)])).toMatchObject({ verdict: { result: 'passed' } });
  });

  it('and lasts, is believed of the next one', () => {
    expect(lastOf([raised(2000), over(2300)])).toMatchObject({ verdict: { reason: 'AlarmRaised' } });
  });

  it('is doubted where it is raised again while the failed release stands, however long', () => {
    const again = [raised(2000), over(2300), raised(9000), over(12_000)];
    expect(lastOf(again)).toMatchObject({
      verdict: { result: 'passed' },
      doubtedAlarms: [{ alarm: 'errors', raisedBefore: 1 }],
    });
  });

  it('and is doubted itself, teaches so where every raise falls into a rollout', () => {
    const known = [raised(500), over(560), raised(2000), over(2100)];
    expect(lastOf(known)).toMatchObject({
      verdict: { result: 'passed' },
      doubtedAlarms: [{ alarm: 'errors', raisedBefore: 2 }],
    });
  });

  it('and is over when the service goes back, teaches nothing: the release was why', () => {
    const takenBack = [raised(2000), started(1, 2010, true), over(2200), completed(1, 2300)];
    expect(lastOf(takenBack)).toMatchObject({ verdict: { reason: 'AlarmRaised' } });
  });
});
