/** A file whose mutants are to be killed, and the quick tests that are to do it, quickest first. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
}

const core = (names: readonly string[]) => names.map((name) => `test/state-machines/${name}.test.ts`);
const reconciler = (names: readonly string[]) =>
  names.map((name) => `test/services/reconciler/${name}.test.ts`);

const deciding = [
  ...core([
    'decisions/rollback-lease',
    'decisions/second-opinion',
    'decisions/single-decisions',
    'decisions/doubted-alarm-check',
    'decisions/operators-way-back',
    'decisions/rollouts-in-turn',
    'decisions/conclusions',
    'decisions/decide',
    'decisions/end-of-phase',
    'decisions/while-silent',
    'decisions/several-rollouts',
    'decisions/postponed-verdict',
    'decisions/who-went-back',
    'service/fold-on-probation',
  ]),
  ...reconciler([
    'loop/one-reconcile',
    'standstill',
    'alarms',
    'phases/end-of-phase',
    'interference/aws-silent',
    'interference/hands-off',
    'kill-switch',
    'regressions',
    'gates/gates',
    'gates/stages',
    'measuring/measured-rollouts',
  ]),
];
const judging = core([
  'rollout/verdict',
  'rollout/evidence',
  'service/fold',
  'rollout/weighing/cause-kinds',
  'rollout/weighing/evidence-rule',
  'rollout/alarms/doubted-alarms',
  'service/follow-stop',
  'service/started-again',
  'service/probation',
  'replay/replay-of-others-acting',
  'replay/replay',
]);
const atWork = reconciler([
  'loop/one-reconcile',
  'loop/watched-alarms',
  'loop/late-events',
  'standstill',
  'kill-switch',
  'alarms',
  'phases/end-of-phase',
  'interference/hands-off',
  'interference/aws-silent',
  'failing-services',
  'regressions',
  'delivery/unwatched-alarms',
  'delivery/end-before-start',
  'gates/stages',
  'measuring/measured-rollouts',
]);

/** By the name that the command line takes. */
export const targets: { readonly [name: string]: Target } = {
  decide: { file: 'state-machines/decisions/decide.ts', tests: deciding },
  rollback: { file: 'state-machines/decisions/decide-rollback.ts', tests: deciding },
  adoption: { file: 'state-machines/decisions/decide-adoption.ts', tests: deciding },
  answer: { file: 'state-machines/decisions/decide-call-answer.ts', tests: deciding },
  lease: { file: 'state-machines/decisions/rollback-lease.ts', tests: deciding },
  fold: {
    file: 'state-machines/service/fold.ts',
    tests: [
      ...judging,
      ...core(['service/fold-on-probation']),
      ...reconciler(['standstill']),
      ...core(['service/fold.property']),
    ],
  },
  evidence: {
    file: 'state-machines/rollout/evidence.ts',
    tests: [...judging, ...core(['rollout/task-ledger', 'service/evidence.property'])],
  },
  verdict: {
    file: 'state-machines/rollout/verdict.ts',
    tests: [
      ...judging,
      ...core(['rollout/verdict-by-measurements', 'rollout/deployment-machine']),
      ...reconciler(['alarms']),
    ],
  },
  reconcile: {
    file: 'services/reconciler/reconcile.ts',
    tests: [...atWork, ...reconciler(['interference/newer-deployment'])],
  },
};
