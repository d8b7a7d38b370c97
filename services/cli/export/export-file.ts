import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Instant } from '../../../state-machines/log/instant';
import type { ItemKey } from '../../event-log/event-table';
import type { TablePage } from '../../event-log/table-pages';
import { CommandError, exitCode } from '../terminal/exit-code';

/**
 * How far an export has come. It stands beside the unfinished file, and is gone when that is whole.
 */
export interface ExportProgress {
  /** What was asked for: only the same question can be gone on with. */
  readonly question: string;
  /** What was said as `7d` means the same when the export is resumed, and so does `until`. */
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly bytes: number;
  readonly events: number;
  /** Items that were no events: the export is not all that was asked for, whoever ends it. */
  readonly unreadable: number;
  /** Where the next page starts; null: at the start. */
  readonly after: ItemKey | null;
}

/** What an export keeps of a page beside its events. */
export type ExportedPage = Pick<TablePage, 'unreadable' | 'last'>;

/**
 * The file of an export, written a page at a time: what is in it up to the last page is whole
 * whenever the process ends.
 */
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
    // First the note of an earlier one: it would be believed of this file.
    await writing(name, () => rm(progressName(name), { force: true }));
    return new ExportFile(name, await writing(name, () => open(name, 'w')), progress);
  }

  /** Goes on behind the last whole page of an earlier export of the same. Throws CommandError. */
  static async resume(name: string, question: string): Promise<ExportFile> {
    const progress = await readProgress(name, question);
    const file = await writing(name, () => open(name, 'r+'));
    try {
      await dropBehind(progress.bytes, { name, file });
    } catch (error) {
      await file.close();
      throw error;
    }
    return new ExportFile(name, file, progress);
  }

  /**
   * Appends a page as whole lines, as a gzip member of its own if the name ends in .gz: members in
   * a row are one gzip file. Throws CommandError; what was appended before is there to be resumed.
   */
  async append(lines: readonly string[], { unreadable, last }: ExportedPage): Promise<void> {
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const page = lines.length > 0 && this.#name.endsWith('.gz') ? gzipSync(text) : text;
    await writing(this.#name, () => this.#write(page));
    this.progress = {
      ...this.progress,
      bytes: this.progress.bytes + page.length,
      events: this.progress.events + lines.length,
      unreadable: this.progress.unreadable + unreadable.length,
      after: last,
    };
    if (last !== null) await writing(this.#name, () => this.#note());
  }

  /**
   * Closes the file, whole or not: what was appended is there to be resumed. Closing it again does
   * nothing.
   */
  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The export is whole. Throws CommandError. */
  async finish(): Promise<void> {
    await writing(this.#name, () => this.close());
    await rm(progressName(this.#name), { force: true });
  }

  /** A disk that is nearly full takes a part, and says so only when it is asked for the rest. */
  async #write(page: Buffer): Promise<void> {
    for (let done = 0; done < page.length; ) {
      const { bytesWritten } = await this.#file.write(
        page,
        done,
        page.length - done,
        this.progress.bytes + done,
      );
      done += bytesWritten;
    }
  }

  /** The data first, so that the note never tells of more than is there. */
  async #note(): Promise<void> {
    await this.#file.datasync();
    await writeFile(`${progressName(this.#name)}~`, JSON.stringify(this.progress));
    await rename(`${progressName(this.#name)}~`, progressName(this.#name));
  }
}

/**
 * Cuts off what was written behind the last whole page. Throws CommandError where the file does not
 * reach that far.
 */
async function dropBehind(
  bytes: number,
  { name, file }: { readonly name: string; readonly file: FileHandle },
): Promise<void> {
  const { size } = await file.stat();
  if (size >= bytes) return writing(name, () => file.truncate(bytes));
  const sentence = `${name} is shorter than ${progressName(name)} says: it is another file, or was cut off; export anew`;
  throw new CommandError(sentence, exitCode.data);
}

async function writing<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
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
