import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { kinds } from '../kinds/kinds';
import type { CompactHistory } from './compact-history';
import { playHistory } from './play-history';

/** The histories of all kinds with one size and one seed: they stand in one file. */
export interface Sheet {
  readonly size: number;
  readonly seed: number;
}

/** Plays a sheet, unless the folder has it already. */
export function makeSheet(folder: string, { size, seed }: Sheet): void {
  const file = fileOf(folder, { size, seed });
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const lines = kinds.map(({ name }) => JSON.stringify(playHistory({ kind: name, size, seed })));
  const half = `${file}.${process.pid}`;
  writeFileSync(half, gzipSync(lines.join('\n'), { level: 1 }));
  renameSync(half, file);
}

/** The histories of a sheet that stands in the folder. */
export function* readSheet(folder: string, sheet: Sheet): Generator<CompactHistory> {
  const lines = gunzipSync(readFileSync(fileOf(folder, sheet)))
    .toString()
    .split('\n');
  for (const line of lines) yield JSON.parse(line) as CompactHistory;
}

function fileOf(folder: string, { size, seed }: Sheet): string {
  return path.join(folder, `${size}-${seed}.jsonl.gz`);
}
