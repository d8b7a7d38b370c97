import { printable, terminalText } from './safe-text';

/** Says a sentence on stderr, on a line of its own whatever it quotes. */
export function say(sentence: string): void {
  process.stderr.write(`${printable(sentence)}\n`);
}

/** Why a command ends, and with which exit code. */
interface LastWord {
  readonly sentence: string;
  readonly exitCode: number;
  /** Lines that stand below the sentence. */
  readonly list?: readonly string[];
}

/** Says why a command ends: a sentence, or one line of JSON for whoever asked for that. */
export function sayLast({ sentence, exitCode, list = [] }: LastWord, isJson: boolean): void {
  if (isJson) {
    const document = { schema: 'rewind.error/1', exitCode, error: sentence, list };
    process.stderr.write(`${JSON.stringify(document)}\n`);
    return;
  }
  say(sentence);
  for (const line of list) say(`  ${line}`);
}

/** Says a mistake of ours, with its trace. */
export function sayMistake(error: unknown): void {
  const { stack = String(error) } = Object(error) as Error;
  process.stderr.write(`${terminalText(stack)}\n`);
}

const saidAtMost = 10;
const kindsAtMost = 20;

/**
 * Complaints about many values of an input: the first ten as they are, the rest as numbers, by
 * their kind, when the input has ended. A file of millions of bad lines stays readable.
 */
export class Complaints {
  #count = 0;
  readonly #kinds = new Map<string, number>();
  readonly #say: (sentence: string) => void;

  constructor(saySentence: (sentence: string) => void = say) {
    this.#say = saySentence;
  }

  add(place: string, because: string): void {
    this.#count += 1;
    if (this.#count <= saidAtMost) this.#say(`${place}: ${because}`);
    else this.#countKind(because);
  }

  /** Says how many more there were, and starts anew. `place` is the input's name. */
  end(place: string): void {
    const more = this.#count - saidAtMost;
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b - a);
    this.#count = 0;
    this.#kinds.clear();
    if (more <= 0) return;
    this.#say(`${place}: ${more.toLocaleString('en-US')} more like these`);
    for (const [kind, count] of kinds) this.#say(`  ${count.toLocaleString('en-US')} × ${kind}`);
  }

  #countKind(because: string): void {
    const kind = because
      .slice(0, 200)
      .replace(/"[^"]*"?/g, '"…"')
      .replace(/\d+/g, '…');
    const isKnown = this.#kinds.has(kind) || this.#kinds.size < kindsAtMost;
    const name = isKnown ? kind : 'something else';
    this.#kinds.set(name, (this.#kinds.get(name) ?? 0) + 1);
  }
}
