import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import picocolors from 'picocolors';
import { formatExportLine } from '../../../services/cli/input/log-export';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import { projectFolder } from '../aws/declared/cloudformation';
import { type Stack, startStack } from '../stack';
import { formatAddresses, formatHead, formatNextSteps } from './announcements';
import type { Playing } from './command-line';
import { faultsOf } from './ending';
import { type Scenario, scenarios } from './scenarios';
import { playStory, tellOn } from './story';
import { formatSummary } from './summary';
import { formatMoment } from './timeline-text';

/** What a run leaves behind; git does not see it. */
const dataFolder = '.rewind';

const colours = picocolors.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);

/** Starts a stack, tells a scenario on it on stdout, and stops it again; whether the story ended as it has to. */
export async function perform(playing: Playing, signal: AbortSignal): Promise<boolean> {
  const { scenario: name, speed, verbose } = playing;
  const scenario: Scenario = scenarios[name];
  await mkdir(path.join(projectFolder, dataFolder), { recursive: true });
  const logFile = createWriteStream(path.join(projectFolder, dataFolder, 'functions.log'));
  print(formatHead({ name, scenario, speed }, colours));
  try {
    const functionOutput = verbose ? process.stderr : logFile;
    const stack = await startStack({ speed, policy: scenario.policy, functionOutput, signal });
    try {
      return await tell({ stack, playing, signal });
    } finally {
      await stack.stop();
    }
  } finally {
    logFile.end();
    await finished(logFile);
  }
}

interface Performance {
  readonly stack: Stack;
  readonly playing: Playing;
  readonly signal: AbortSignal;
}

async function tell({ stack, playing, signal }: Performance): Promise<boolean> {
  const { scenario: name, speed, keep } = playing;
  const scenario: Scenario = scenarios[name];
  const { told, timeline } = await playStory({
    stack,
    scenario,
    speed,
    signal,
    print: (moment) => print(formatMoment(moment, colours)),
  });
  const faults = faultsOf(told, scenario.ending);
  print(formatSummary(told, { faults, colours }));
  const file = path.join(dataFolder, `${name}.jsonl`);
  await exportLog(path.join(projectFolder, file), told.recorded);
  print(formatNextSteps({ file }, colours));
  if (keep) {
    print(formatAddresses(stack, colours));
    await tellOn(timeline, signal);
  }
  return faults.length === 0;
}

async function exportLog(file: string, recorded: readonly RecordedEvent[]): Promise<void> {
  await writeFile(file, recorded.map((event) => `${formatExportLine(event)}\n`).join(''));
}

function print(text: string): void {
  process.stdout.write(text);
}
