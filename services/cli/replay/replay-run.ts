import colours from 'picocolors';
import type { BacktestOptions } from '../backtest/backtest';
import { History } from '../input/history';
import type { HistoryInputOptions } from '../input/history-options';
import { readHistory } from '../input/read-history';
import { KeptNotifications } from '../report/kept-notifications';
import { formatReport } from '../report/report';
import { RolloutTraces } from '../report/rollout-trace';
import { exitCode } from '../terminal/exit-code';
import type { PageFormat } from '../terminal/format-option';
import { loadPolicyFile } from '../terminal/policy-option';
import { redactSecrets } from '../terminal/redaction';
import { say } from '../terminal/streams/standard-error';
import { printJson, printPage, printText } from '../terminal/streams/standard-output';
import { formatReplayDocument } from './replay-document';
import { replayHistory } from './replay-history';
import { formatReplayText } from './replay-text';

export interface ReplayOptions extends BacktestOptions, HistoryInputOptions {
  readonly format: PageFormat;
  readonly redact?: true;
}

/** Judges histories, and returns the exit code. Throws CommandError. */
export async function runReplay(names: readonly string[], options: ReplayOptions): Promise<number> {
  const policyFile = await loadPolicyFile(options.policy);
  const isHtml = options.format === 'html';
  const safe = (value: unknown) => (options.redact ? redactSecrets(value) : value);
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const history = new History({
    policyFile,
    leavesOutDecisions: options.policy !== undefined,
    asOf: options.asOf ?? null,
    ...(isHtml ? { keep: (event, value) => notifications.keep(event, safe(value)) } : {}),
  });
  const { code, wasRead } = await readHistory(history, names, options);
  if (!wasRead) return exitCode.noInput;
  const until = history.until() ?? 0;
  const rollouts = replayHistory(history, policyFile, isHtml ? (fold) => traces.follow(fold) : undefined);
  for (const remark of history.remarks(rollouts.length)) say(remark);
  const report = { input: history.inputCounts(), rollouts, until, traces, notifications };
  const print = {
    text: () => printText(formatReplayText(report, colours)),
    json: () => printJson([formatReplayDocument(report)]),
    html: () => printPage(formatReport(report)),
  } as const;
  await print[options.format]();
  return code;
}
