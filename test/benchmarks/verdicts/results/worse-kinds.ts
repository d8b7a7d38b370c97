import type { Table } from './result-tables';

/** A good kind of which Rewind takes back more than ECS's default breaker does. */
interface WorseKind {
  readonly kind: string;
  /** In percent. */
  readonly ours: string;
  readonly breaker: string;
}

/** The kinds of a table in which a judge of Rewind's has more false rollbacks than the breaker. */
export function worseKinds([head = [], ...rows]: Table, judge: string): WorseKind[] {
  const [breaker, mine] = [head.indexOf('ECS breaker'), head.indexOf(judge)];
  return rows
    .filter((row) => row[1] === 'false' && Number(row[mine]) > Number(row[breaker]))
    .map((row) => ({ kind: row[0] ?? '', ours: row[mine] ?? '', breaker: row[breaker] ?? '' }));
}

/**
 * Why `failureRule: evidence` takes back more than the breaker, written by a person who has looked
 * at the verdicts of the kind. A test holds that none that is worse is missing.
 */
export const reasonsForWorse: { readonly [kind: string]: string } = {
  flakystart:
    'Several starts fail at once by chance, in a service too new to have shown how often its starts fail.',
  elbflap:
    'The check fails 5 to 15 % of the new tasks within a minute, in a service whose starts seldom failed: of fifty, four are enough. Nothing tells that from a release that fails one start in ten.',
  alarmnoise:
    'The service is one or two hours old, and so is its alarm: it is raised for the first time, within the hour of probation. From then on it is doubted.',
  autoscale:
    'One start of eleven fails and one running task is lost, where none was and one in 147 hours: by chance that comes together within minutes.',
  configpush:
    'Half of the starts crash at once, the old tasks one by one. Where the new ones have shown enough before the first old one is lost, nothing postpones the verdict.',
  zonedeploy:
    'It is `Stalled`: pulls time out in the lost zone for longer than `stallSeconds`, and ECS replaces no old task meanwhile. The pulls that fail count for nothing themselves.',
  earlydeploy:
    'The first task finds no image, and nothing says that one will come. `certainCauses: wait` is for pipelines that push after they deploy; the breaker forgives only where the image comes in time.',
};
