import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { policyFileSchema } from './policy-schema';

/** The policy file cannot be used; the message is one sentence naming file, line and field. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly fileName: string;
}

/** Parses and checks the text of a policy file; throws PolicyFileError. JSON is read as the YAML that it also is. */
export function parsePolicyText(text: string, fileName: string): z.output<typeof policyFileSchema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    throw new PolicyFileError(
      `${fileName}, line ${line}: this is neither YAML nor JSON: ${syntaxError.message}`,
    );
  }
  const result = policyFileSchema.safeParse(toPlainValue({ document, lines, fileName }) ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new PolicyFileError(`${fileName}, line 1: the file is not valid`);
  throw new PolicyFileError(describe({ document, lines, fileName }, issue));
}

function toPlainValue({ document, fileName }: Source): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias without an anchor, or a bomb of them.
    throw new PolicyFileError(`${fileName}, line 1: ${(error as Error).message}`, { cause: error });
  }
}

function describe(source: Source, issue: z.core.$ZodIssue): string {
  const { fileName } = source;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const path = [...issue.path, key];
    return `${fileName}, line ${lineOf(source, path)}: ${nameOf(path)} is not a key that Rewind knows`;
  }
  if (issue.path.length === 0) return `${fileName}, line 1: ${issue.message}`;
  const found = source.document.getIn(issue.path) === undefined ? ', and is missing' : '';
  return `${fileName}, line ${lineOf(source, issue.path)}: ${nameOf(issue.path)} ${issue.message}${found}`;
}

/** The line of the key that a path ends with, or of the nearest thing around it that the file does hold. */
function lineOf({ document, lines }: Source, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === key) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
