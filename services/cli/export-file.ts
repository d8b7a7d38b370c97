import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Instant } from '../../state-machines/identifiers';
import type { ItemKey } from '../event-log/event-table';
import { CommandError, exitCode } from './exit-code';

/** How far an export has come. It stands beside the unfinished file, and is gone when that is whole. */
export interface ExportProgress {
  /** What was asked for: only the same question can be gone on with. */
  readonly question: string;
  /** What was said as `7d` means the same when the export is resumed. */
  readonly since: Instant | null;
  readonly bytes: number;
  readonly events: number;
  /** Where the next page starts; null: at the start. */
  readonly after: ItemKey | null;
}

/** The file of an export, written a page at a time: what is in it up to the last page is whole whenever the process ends. */
export class ExportFile {
  progress: ExportProgress;
  readonly #name: string;
  readonly #file: FileHandle;

  private constructor(name: string, file: FileHandle, progress: ExportProgress) {
    this.#name = name;
    this.#file = file;
    this.progress = progress;
  }

  /** A new file, in the place of any that was there. Throws CommandError. */
  static async create(name: string, progress: ExportProgress): Promise<ExportFile> {
    return new ExportFile(name, await openToWrite(name, 'w'), progress);
  }

  /** Goes on behind the last whole page of an earlier export of the same. Throws CommandError. */
  static async resume(name: string, question: string): Promise<ExportFile> {
    const progress = await readProgress(name, question);
    const file = await openToWrite(name, 'r+');
    await file.truncate(progress.bytes);
    return new ExportFile(name, file, progress);
  }

  /** Appends whole lines, as a gzip member of their own if the name ends in .gz: members in a row are one gzip file. */
  async append(lines: readonly string[], next: ItemKey | null): Promise<void> {
    const { bytes, events } = this.progress;
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const page = this.#name.endsWith('.gz') ? gzipSync(text) : text;
    if (lines.length > 0) await this.#file.write(page, 0, page.length, bytes);
    const written = lines.length > 0 ? page.length : 0;
    this.progress = {
      ...this.progress,
      bytes: bytes + written,
      events: events + lines.length,
      after: next,
    };
    if (next !== null) await this.#note();
  }

  /** The export is whole. */
  async finish(): Promise<void> {
    await this.#file.close();
    await rm(progressName(this.#name), { force: true });
  }

  /** The data first, so that the note never tells of more than is there. */
  async #note(): Promise<void> {
    await this.#file.datasync();
    await writeFile(`${progressName(this.#name)}~`, JSON.stringify(this.progress));
    await rename(`${progressName(this.#name)}~`, progressName(this.#name));
  }
}

async function openToWrite(name: string, flags: 'w' | 'r+'): Promise<FileHandle> {
  try {
    return await open(name, flags);
  } catch (cause) {
    const sentence = `${name} cannot be written: ${(cause as Error).message}`;
    throw new CommandError(sentence, exitCode.unavailable, { cause });
  }
}

async function readProgress(name: string, question: string): Promise<ExportProgress> {
  const text = await readFile(progressName(name), 'utf8').catch((cause: Error) => {
    const sentence = `${name} is no unfinished export: there is no ${progressName(name)}`;
    throw new CommandError(sentence, exitCode.noInput, { cause });
  });
  const progress: ExportProgress = JSON.parse(text);
  if (progress.question === question) return progress;
  throw new CommandError(
    `${name} is an export of ${progress.question}: it cannot be resumed with ${question}`,
    exitCode.usage,
  );
}

function progressName(name: string): string {
  return `${name}.progress`;
}
