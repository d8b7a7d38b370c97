import { once } from 'node:events';
import { terminalJson, terminalText } from './safe-text';

type Parts = Iterable<string> | AsyncIterable<string>;

/** Writes results for people to standard output, no faster than they are read there. */
export async function printText(parts: Parts): Promise<void> {
  await printParts(parts, terminalText);
}

/** The same for JSON documents. */
export async function printJson(parts: Parts): Promise<void> {
  await printParts(parts, terminalJson);
}

/** The same for a page, which keeps the texts of others packed in base64. */
export async function printPage(parts: Parts): Promise<void> {
  await printParts(parts, (part) => part);
}

/** A line of a story, which is told as it goes on. */
export function printLine(line: string): void {
  process.stdout.write(`${terminalText(line)}\n`);
}

async function printParts(parts: Parts, safe: (part: string) => string): Promise<void> {
  for await (const part of parts) {
    if (!process.stdout.write(safe(part))) await once(process.stdout, 'drain');
  }
}
