import { type ExitCode, exitCode } from '../terminal/exit-code';
import { Complaints } from '../terminal/streams/standard-error';
import type { History } from './history';
import type { HistorySource } from './history-sources';
import { InputError, nameOfInput, readInput } from './input';
import { JsonValues } from './json-values';
import type { Found } from './scan/found';
import { unwrap } from './wrapped-values';

/** Where the reader says what it could not understand, and how far it is. */
interface Diagnostics {
  report(sentence: string): void;
  progress(valuesRead: number): void;
}

/** What reading came to. `wasRead` is false when no input could be opened at all. */
export interface ReadResult {
  readonly code: ExitCode;
  readonly wasRead: boolean;
}

/**
 * Reads inputs into a history, each as a stream. What is wrong is reported where it stands, and the
 * rest is read nevertheless.
 */
export class HistoryReader {
  readonly #history: History;
  readonly #diagnostics: Diagnostics;
  readonly #complaints: Complaints;
  #valuesRead = 0;
  #line = 0;
  #valuesOnLine = 0;

  constructor(history: History, diagnostics: Diagnostics) {
    this.#history = history;
    this.#diagnostics = diagnostics;
    this.#complaints = new Complaints(diagnostics.report);
  }

  /** Throws CommandError where AWS does not let a source be read. */
  async readAll(names: readonly string[], sources: readonly HistorySource[] = []): Promise<ReadResult> {
    const codes: ExitCode[] = [];
    for (const name of names) codes.push(await this.#read(name));
    for (const source of sources) codes.push(await this.#readFrom(source));
    // A file that is not there is the first thing to put right: what else is wrong in the others
    // comes second.
    const worst = [exitCode.noInput, exitCode.data].find((code) => codes.includes(code));
    return {
      code: worst ?? exitCode.done,
      wasRead: codes.some((code) => code !== exitCode.noInput),
    };
  }

  async #read(name: string): Promise<ExitCode> {
    const input = nameOfInput(name);
    const values = new JsonValues();
    this.#line = 0;
    let code: ExitCode = exitCode.done;
    let isEmpty = true;
    const take = (found: Found) => {
      isEmpty = false;
      if (!this.#take(input, found)) code = exitCode.data;
    };
    try {
      for await (const chunk of readInput(name)) for (const found of values.push(chunk)) take(found);
      for (const found of values.end()) take(found);
      if (isEmpty) code = this.#refuseEmpty(input);
    } catch (error) {
      // Only what is whole: where the input was cut off is said by the error.
      for (const found of values.end()) if (found.kind === 'value') take(found);
      code = this.#reportInputError(input, error);
    }
    this.#complaints.end(input);
    return code;
  }

  #refuseEmpty(input: string): ExitCode {
    this.#complaints.add(`${input}, line 1`, 'there is nothing in this input');
    return exitCode.data;
  }

  async #readFrom({ name, values }: HistorySource): Promise<ExitCode> {
    let code: ExitCode = exitCode.data;
    let line = 0;
    this.#line = 0;
    for await (const value of values) {
      line += 1;
      const isGood = this.#take(name, { kind: 'value', line, value });
      if (line === 1 || !isGood) code = isGood ? exitCode.done : exitCode.data;
    }
    if (line === 0) this.#complaints.add(name, 'there is nothing in it');
    this.#complaints.end(name);
    return code;
  }

  #take(input: string, found: Found): boolean {
    this.#valuesOnLine = found.line === this.#line ? this.#valuesOnLine + 1 : 1;
    this.#line = found.line;
    if (found.kind === 'garbage') return this.#say(input, found, this.#history.takeInvalid(found.because));
    let isGood = true;
    for (const unwrapped of unwrap(found.value)) {
      const sentence =
        'because' in unwrapped
          ? this.#history.takeInvalid(unwrapped.because)
          : this.#history.take(unwrapped.value);
      isGood = this.#say(input, found, sentence) && isGood;
    }
    return isGood;
  }

  #say(input: string, { line }: Found, sentence: string | null): boolean {
    if (sentence !== null) this.#complaints.add(`${input}, ${this.#placeOn(line)}`, sentence);
    this.#valuesRead += 1;
    this.#diagnostics.progress(this.#valuesRead);
    return sentence === null;
  }

  /** A list may stand on one line as a whole. */
  #placeOn(line: number): string {
    return this.#valuesOnLine > 1 ? `line ${line}, value ${this.#valuesOnLine}` : `line ${line}`;
  }

  #reportInputError(input: string, error: unknown): ExitCode {
    if (!(error instanceof InputError)) throw error;
    if (error.kind === 'missing') {
      this.#complaints.add(input, error.message);
      return exitCode.noInput;
    }
    this.#complaints.add(`${input}, line ${this.#line || 1}`, this.#history.takeInvalid(error.message));
    return exitCode.data;
  }
}
