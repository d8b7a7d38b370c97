import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import picocolors from 'picocolors';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import { formatExportLine } from '../../../services/event-log/export-line';
import { projectFolder } from '../aws/declared/cloudformation';
import { type Stack, startStack } from '../stack';
import type { StartOptions } from './command-line';
import { faultsOf } from './ending';
import { playOnStack, tellOn } from './play-on-stack';
import type { Story } from './scenario/scenario-schema';
import { policyTextOf, readStory } from './scenario/story-folder';
import { serveDashboardOf } from './served-dashboard';
import { formatAddresses, formatDashboard, formatHead, formatNextSteps } from './start-text';
import { formatSummary } from './summary';
import { formatMoment } from './timeline/timeline-text';

/** What a run leaves behind; git does not see it. */
const dataFolder = '.rewind';
const toldFile = path.join(dataFolder, 'told.txt');

const colours = picocolors.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);

/**
 * Starts a stack, tells a scenario on it on stdout, and stops it again; whether the story ended as
 * it has to.
 */
export async function perform(options: StartOptions, signal: AbortSignal): Promise<boolean> {
  const { scenario: name, speed, verbose } = options;
  const story = readStory(name);
  await mkdir(path.join(projectFolder, dataFolder), { recursive: true });
  const logFile = createWriteStream(path.join(projectFolder, dataFolder, 'functions.log'));
  print(formatHead({ name, story, speed }, colours));
  try {
    const functionOutput = verbose ? process.stderr : logFile;
    const policy = policyTextOf(story);
    const { traffic } = story;
    const stack = await startStack({ speed, policy, traffic, functionOutput, signal });
    try {
      return await tell({ stack, story, options, signal });
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
  readonly story: Story;
  readonly options: StartOptions;
  readonly signal: AbortSignal;
}

async function tell(told: Performance): Promise<boolean> {
  if (!told.options.keep) return (await tellStory(told)).isRight;
  // Beside the story: whoever looks sees it happen.
  const starting = serveDashboardOf(told.stack);
  void starting.then(({ address }) => print(formatDashboard(address)));
  try {
    const { isRight, timeline } = await tellStory(told);
    const dashboard = await starting;
    print(formatAddresses({ ...told.stack, dashboard: dashboard.address }, colours));
    await tellOn(timeline, told.signal);
    return isRight;
  } finally {
    await (await starting).stop();
  }
}

async function tellStory({ stack, story, options, signal }: Performance) {
  const { scenario: name, speed } = options;
  const { result, timeline } = await playOnStack({
    stack,
    story,
    speed,
    signal,
    print: (moment) => print(formatMoment(moment, colours)),
  });
  const faults = faultsOf(result, story.ends);
  print(formatSummary(result, { faults, colours }));
  const file = path.join(dataFolder, `${name}.jsonl`);
  await exportLog(path.join(projectFolder, file), result.recorded);
  await writeFile(path.join(projectFolder, toldFile), stack.told.map(formatTold).join('\n\n'));
  print(formatNextSteps({ file, toldFile }, colours));
  return { isRight: faults.length === 0, timeline };
}

async function exportLog(file: string, recorded: readonly RecordedEvent[]): Promise<void> {
  await writeFile(file, recorded.map((event) => `${formatExportLine(event)}\n`).join(''));
}

function formatTold({ subject, text }: Stack['told'][number]): string {
  return `${subject}\n\n${text}\n`;
}

function print(text: string): void {
  process.stdout.write(text);
}
