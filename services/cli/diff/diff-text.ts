import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Colours } from '../terminal/colours';
import { formatPlaceLine } from '../terminal/headline';
import { outputColumns, wrap } from '../terminal/text-layout';
import type { ComparedRevisions } from './compared-revisions';
import type { RevisionChange } from './revision-difference';

/** What differs, a place a line; what is not shown is said to differ. */
export function* formatDifference(
  { service, from, to, notes }: ComparedRevisions,
  changes: readonly RevisionChange[],
  colours: Colours,
): Generator<string> {
  const names = `${shortTaskDefinition(from.arn)} → ${shortTaskDefinition(to.arn)}`;
  yield* formatPlaceLine([
    { text: partsOfService(service).path, paint: colours.bold },
    { text: names, paint: (text) => text },
  ]);
  for (const change of changes) yield* lines(change, colours);
  if (changes.length === 0) yield '  no difference\n';
  const isHidden = changes.some((change) => change.from === null && change.to === null);
  const all = isHidden ? [...notes, 'values of the environment are never shown'] : notes;
  for (const note of all)
    for (const line of wrap(note, outputColumns() - 2)) yield `  ${colours.dim(line)}\n`;
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

function* lines({ kind, path, from, to }: RevisionChange, colours: Colours): Generator<string> {
  const paint = { added: colours.green, removed: colours.red, changed: colours.yellow }[kind];
  const [first = '', ...rest] = wrap(`${path}${valuesText({ kind, from, to })}`, outputColumns() - 6);
  yield `${paint(`  ${signs[kind]} ${first}`)}\n`;
  for (const line of rest) yield `${paint(`      ${line}`)}\n`;
}

function valuesText({ kind, from, to }: Pick<RevisionChange, 'kind' | 'from' | 'to'>): string {
  if (from === null && to === null) return kind === 'changed' ? ': differs' : '';
  return kind === 'changed' ? `: ${from ?? '(hidden)'} → ${to ?? '(hidden)'}` : `: ${to ?? from}`;
}
