import { describe, expect, it } from 'vitest';
import {
  classify,
  culpritOf,
  describeStop,
  failureClasses,
  isFailure,
  otherClasses,
  type TaskClass,
} from '../../../state-machines/log/stopped-task';
import { imagePulls } from './stopped-tasks/image-pulls';
import { type LabelledStop, outOfMemoryText, sidecar, web } from './stopped-tasks/labelled-stop';
import { notTheRevision } from './stopped-tasks/not-the-revision';
import { otherContainers } from './stopped-tasks/other-containers';
import { refusals } from './stopped-tasks/refusals';
import { runningFailures } from './stopped-tasks/running-failures';
import { seenInPublic } from './stopped-tasks/seen-in-public';
import { startFailures } from './stopped-tasks/start-failures';

const corpus: readonly LabelledStop[] = [
  ...runningFailures,
  ...imagePulls,
  ...startFailures,
  ...notTheRevision,
  ...refusals,
  ...otherContainers,
  ...seenInPublic,
];
/** What ECS is seen to put before a reason; several may stand before one. */
const framings = [
  '(service web) ',
  'service web ',
  'Service web: ',
  '(service web, taskSet ecs-svc/1234567890123456789) ',
  '(service web) was unable to place a task. Reason: ',
  'service web was unable to place a task. Reason: ',
  'TaskFailedToStart: ',
  '(service web) was unable to place a task. Reason: TaskFailedToStart: ',
] as const;
const wordings = [
  { name: 'as it is', reword: (text: string) => text },
  { name: 'in upper case', reword: (text: string) => text.toUpperCase() },
  { name: 'in lower case', reword: (text: string) => text.toLowerCase() },
  { name: 'padded', reword: (text: string) => `  ${text.replaceAll(' ', '  ')}\n` },
  {
    name: 'in curly quotes',
    reword: (text: string) => text.replaceAll("'", '’').replaceAll(/"([^"]*)"/g, '“$1”'),
  },
] as const;
const classes: readonly TaskClass[] = [...failureClasses, ...otherClasses];

interface Score {
  readonly class: TaskClass;
  readonly labelled: number;
  readonly precision: number;
  readonly recall: number;
}

function scoreOf(taskClass: TaskClass, sample: readonly LabelledStop[]): Score {
  const given = sample.filter(({ stop }) => classify(stop) === taskClass);
  const labelled = sample.filter((entry) => entry.taskClass === taskClass);
  const right = given.filter((entry) => entry.taskClass === taskClass).length;
  return {
    class: taskClass,
    labelled: labelled.length,
    precision: right / given.length,
    recall: right / labelled.length,
  };
}

describe('the class of a stopped task', () => {
  it.each(corpus)('is $taskClass for $stop.stopCode, $stop.stoppedReason ($from)', ({ taskClass, stop }) => {
    expect(classify(stop)).toBe(taskClass);
  });

  it('has a precision and a recall of at least 0.97 on the labelled sample, each of at least five wordings', () => {
    const scores = classes.map((taskClass) => scoreOf(taskClass, corpus));
    console.table(scores);
    expect(corpus.length).toBeGreaterThanOrEqual(280);
    for (const score of scores) {
      expect(score.labelled, score.class).toBeGreaterThanOrEqual(5);
      expect(score.precision, score.class).toBeGreaterThanOrEqual(0.97);
      expect(score.recall, score.class).toBeGreaterThanOrEqual(0.97);
    }
  });

  it('has a precision and a recall of at least 0.97 on the stops that were seen in public', () => {
    const seen = classes.filter((taskClass) => seenInPublic.some((entry) => entry.taskClass === taskClass));
    expect(seen).toEqual(classes.filter((taskClass) => taskClass !== 'unclassified'));
    for (const score of seen.map((taskClass) => scoreOf(taskClass, seenInPublic))) {
      expect(score.precision, score.class).toBeGreaterThanOrEqual(0.97);
      expect(score.recall, score.class).toBeGreaterThanOrEqual(0.97);
    }
  });

  it('holds no stop against a revision that is not to blame for it, and lets none go that is', () => {
    const wrongly = corpus.filter(
      ({ stop, taskClass }) => isFailure(classify(stop)) !== isFailure(taskClass),
    );
    expect(wrongly).toEqual([]);
  });

  it('counts against the revision where the contract says so, and nowhere else', () => {
    expect(classes.filter(isFailure)).toEqual(failureClasses);
  });

  it.each(wordings)('does not depend on how ECS words what it says: $name', ({ reword }) => {
    for (const { stop, taskClass } of corpus) {
      const containers = stop.containers.map((container) => ({
        ...container,
        reason: container.reason === null ? null : reword(container.reason),
      }));
      const reworded = {
        ...stop,
        containers,
        stoppedReason: stop.stoppedReason && reword(stop.stoppedReason),
      };
      expect(classify(reworded), JSON.stringify(reworded)).toBe(taskClass);
    }
  });

  it.each(framings)('does not depend on what ECS puts before a reason: %s', (framing) => {
    for (const { reword } of wordings) {
      for (const { stop, taskClass } of corpus) {
        const stoppedReason = stop.stoppedReason && reword(framing + stop.stoppedReason);
        expect(classify({ ...stop, stoppedReason }), stoppedReason ?? '').toBe(taskClass);
      }
    }
  });

  it('does not depend on a sidecar that could not be pulled, where the task ran', () => {
    const agent = { name: 'agent', exitCode: null, reason: 'CannotPullContainerError: 403 Forbidden' };
    const ran = corpus.filter(
      ({ stop }) =>
        stop.stopCode !== null &&
        stop.stopCode !== 'TaskFailedToStart' &&
        stop.containers.some(({ exitCode }) => exitCode !== null && exitCode !== 143),
    );
    expect(ran.length).toBeGreaterThan(60);
    for (const { stop, taskClass } of ran.filter((entry) => entry.taskClass !== 'unclassified')) {
      const withAgent = { ...stop, containers: [...stop.containers, agent] };
      expect(classify(withAgent), JSON.stringify(withAgent)).toBe(taskClass);
    }
  });

  it('does not depend on the order of the containers', () => {
    for (const { stop, taskClass } of corpus) {
      expect(classify({ ...stop, containers: stop.containers.toReversed() })).toBe(taskClass);
    }
  });
});

describe('a stop, described', () => {
  it('gives the reason, and what each container said', () => {
    const containers = [
      { name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      { name: 'envoy', exitCode: 0, reason: null },
      { name: 'init', exitCode: null, reason: null },
    ];
    const stoppedReason = 'Essential container in task exited';
    expect(describeStop({ stopCode: 'EssentialContainerExited', stoppedReason, containers })).toBe(
      'Essential container in task exited; web exit 137 OutOfMemoryError: Container killed due to memory usage; envoy exit 0',
    );
    expect(describeStop({ stopCode: null, stoppedReason: null, containers: [] })).toBe('no reason given');
  });
});

describe('the container to look at first', () => {
  const culpritAmong = (...containers: LabelledStop['stop']['containers']) =>
    culpritOf({ stopCode: null, stoppedReason: null, containers });

  it('is the one that says what is wrong, whatever the others ended with', () => {
    expect(culpritAmong(web(1), sidecar(137, outOfMemoryText))?.name).toBe('envoy');
  });

  it('is the one that failed by itself, not those that were stopped for it', () => {
    expect(culpritAmong(sidecar(143), web(1))?.name).toBe('web');
    expect(culpritAmong(sidecar(0), web(139))?.name).toBe('web');
  });

  it('is the first that ended at all, else none', () => {
    expect(culpritAmong(sidecar(null), web(0))?.name).toBe('web');
    expect(culpritAmong(sidecar(null))).toBe(null);
  });
});
