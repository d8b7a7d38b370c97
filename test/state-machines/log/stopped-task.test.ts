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
import { runningFailures } from './stopped-tasks/running-failures';
import { startFailures } from './stopped-tasks/start-failures';

const corpus: readonly LabelledStop[] = [
  ...runningFailures,
  ...imagePulls,
  ...startFailures,
  ...notTheRevision,
];
const classes: readonly TaskClass[] = [...failureClasses, ...otherClasses];

interface Score {
  readonly class: TaskClass;
  readonly labelled: number;
  readonly precision: number;
  readonly recall: number;
}

function scoreOf(taskClass: TaskClass): Score {
  const given = corpus.filter(({ stop }) => classify(stop) === taskClass);
  const labelled = corpus.filter((entry) => entry.taskClass === taskClass);
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

  it('has a precision and a recall of at least 0.95 on the labelled sample, each of at least five wordings', () => {
    const scores = classes.map(scoreOf);
    console.table(scores);
    expect(corpus.length).toBeGreaterThanOrEqual(110);
    for (const score of scores) {
      expect(score.labelled, score.class).toBeGreaterThanOrEqual(5);
      expect(score.precision, score.class).toBeGreaterThanOrEqual(0.95);
      expect(score.recall, score.class).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('counts against the revision where the contract says so, and nowhere else', () => {
    expect(classes.filter(isFailure)).toEqual(failureClasses);
  });

  it('does not depend on how ECS capitalises or pads its texts', () => {
    for (const { stop, taskClass } of corpus) {
      const stoppedReason = stop.stoppedReason === null ? null : `  ${stop.stoppedReason.toUpperCase()}\n`;
      expect(classify({ ...stop, stoppedReason }), stop.stoppedReason ?? '').toBe(taskClass);
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
