import type { Command } from 'commander';

/** Adds a command to the program. */
type AddCommand = (program: Command) => void;

/**
 * A command before it is loaded: as much as the help of `rewind` says of it. Loading one brings
 * what it needs along, for which no other command has to wait.
 */
interface Verb {
  readonly name: string;
  readonly parameters: string;
  readonly summary: string;
  /** A group has commands of its own, and no options. */
  readonly isGroup?: true;
  /** It tells of all commands, so that all are loaded for it. */
  readonly needsAll?: true;
  /** Its sentences on stderr are a contract, whatever it writes on stdout. */
  readonly plainErrors?: true;
  load(): Promise<AddCommand>;
}

/** Every command of `rewind`, in the order of its help. */
export const verbs: readonly Verb[] = [
  {
    name: 'status',
    parameters: '[SERVICE...]',
    summary: 'show where services stand',
    load: async () => (await import('./status/status-command')).addStatusCommand,
  },
  {
    name: 'watch',
    parameters: '[SERVICE...]',
    summary: 'the same, alive, until nothing is under way',
    load: async () => (await import('./watch/watch-command')).addWatchCommand,
  },
  {
    name: 'dashboard',
    parameters: '',
    summary: 'the same in a browser, with any rollout as it was known then',
    load: async () => (await import('./dashboard/dashboard-command')).addDashboardCommand,
  },
  {
    name: 'history',
    parameters: '<SERVICE>',
    summary: 'list the rollouts of a service: what, who, when, how they ended',
    load: async () => (await import('./history/history-command')).addHistoryCommand,
  },
  {
    name: 'diff',
    parameters: '<SERVICE> [REVISION...]',
    summary: 'compare two revisions of a service',
    load: async () => (await import('./diff/diff-command')).addDiffCommand,
  },
  {
    name: 'open',
    parameters: '<SERVICE>',
    summary: "open a service's page of the AWS console",
    load: async () => (await import('./open/open-command')).addOpenCommand,
  },
  {
    name: 'wait',
    parameters: '<SERVICE>',
    summary: 'wait for a rollout, and say how it ended',
    load: async () => (await import('./wait/wait-command')).addWaitCommand,
  },
  {
    name: 'rollback',
    parameters: '[SERVICE...]',
    summary: 'take services back to a revision of your choice',
    load: async () => (await import('./rollback/rollback-command')).addRollbackCommand,
  },
  {
    name: 'deploy',
    parameters: '<SERVICE...>',
    summary: 'deploy another image, and record the commit, who and why',
    load: async () => (await import('./deploy/deploy-command')).addDeployCommand,
  },
  {
    name: 'retry',
    parameters: '<SERVICE> [REVISION]',
    summary: 'deploy again what was taken back here',
    load: async () => (await import('./deploy/retry-command')).addRetryCommand,
  },
  {
    name: 'abort',
    parameters: '<SERVICE>',
    summary: 'end what is under way, and go back',
    load: async () => (await import('./rollback/abort-command')).addAbortCommand,
  },
  {
    name: 'promote',
    parameters: '<SERVICE>',
    summary: 'let a rollout pass the gate at which it waits, or its bake',
    load: async () => (await import('./steer/promote-command')).addPromoteCommand,
  },
  {
    name: 'gate',
    parameters: '<SERVICE> <TEST> <RESULT>',
    summary: 'answer a test that a gate waits for',
    load: async () => (await import('./steer/gate-command')).addGateCommand,
  },
  {
    name: 'pause',
    parameters: '<SERVICE>',
    summary: 'hold the judgement of a rollout open',
    load: async () => (await import('./steer/pause-commands')).addPauseCommand,
  },
  {
    name: 'resume',
    parameters: '<SERVICE>',
    summary: 'end the pause of a rollout',
    load: async () => (await import('./steer/pause-commands')).addResumeCommand,
  },
  {
    name: 'forgive',
    parameters: '<SERVICE> <REVISION>',
    summary: 'take a revision out of what failed here',
    load: async () => (await import('./judge/judge-commands')).addForgiveCommand,
  },
  {
    name: 'condemn',
    parameters: '<SERVICE> <REVISION>',
    summary: 'put a revision into what failed here',
    load: async () => (await import('./judge/judge-commands')).addCondemnCommand,
  },
  {
    name: 'freeze',
    parameters: '<SERVICE...>',
    summary: 'hold services still, with a reason and an end',
    load: async () => (await import('./freeze/freeze-commands')).addFreezeCommand,
  },
  {
    name: 'unfreeze',
    parameters: '<SERVICE...>',
    summary: 'lift the freeze of services',
    load: async () => (await import('./freeze/freeze-commands')).addUnfreezeCommand,
  },
  {
    name: 'stop',
    parameters: '',
    summary: 'stop all of Rewind at once: it writes nothing to ECS any more',
    load: async () => (await import('./stop/stop-commands')).addStopCommand,
  },
  {
    name: 'start',
    parameters: '',
    summary: 'let Rewind act again',
    load: async () => (await import('./stop/stop-commands')).addStartCommand,
  },
  {
    name: 'replay',
    parameters: '[FILE...]',
    summary: 'judge every rollout in a history of notifications',
    plainErrors: true,
    load: async () => (await import('./replay/replay-command')).addReplayCommand,
  },
  {
    name: 'backtest',
    parameters: '[FILE...]',
    summary: 'try another policy on a history of notifications',
    load: async () => (await import('./backtest/backtest-command')).addBacktestCommand,
  },
  {
    name: 'analyse',
    parameters: '<SERVICE>',
    summary: 'judge past rollouts by the errors and slow answers of both versions',
    load: async () => (await import('./analyse/analyse-command')).addAnalyseCommand,
  },
  {
    name: 'simulate',
    parameters: '<SCENARIO>',
    summary: 'play a rollout that goes wrong, without AWS',
    load: async () => (await import('./simulate/simulate-command')).addSimulateCommand,
  },
  {
    name: 'guard',
    parameters: '',
    summary: "set ECS's own protection on services, and keep it set",
    isGroup: true,
    load: async () => (await import('./guard/guard-command')).addGuardCommand,
  },
  {
    name: 'doctor',
    parameters: '',
    summary: 'check a deployed stack from outside',
    load: async () => (await import('./doctor/doctor-command')).addDoctorCommand,
  },
  {
    name: 'export',
    parameters: '[SERVICE]',
    summary: 'write the events of the log to a file',
    load: async () => (await import('./export/export-command')).addExportCommand,
  },
  {
    name: 'audit',
    parameters: '[SERVICE] [DEPLOYMENT]',
    summary: 'show what was known and done about a rollout, and verify it',
    load: async () => (await import('./audit/audit-command')).addAuditCommand,
  },
  {
    name: 'completion',
    parameters: '<SHELL>',
    summary: 'write the script by which bash, zsh or fish completes commands',
    needsAll: true,
    load: async () => (await import('./completion/completion-command')).addCompletionCommand,
  },
];
