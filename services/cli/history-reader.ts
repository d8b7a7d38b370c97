import { type ExitCode, exitCode } from './exit-code';
import type { History } from './history';
import { InputError, nameOfInput, readInput } from './input';
import { type Found, JsonValues } from './json-values';

/** Where the reader says what it could not understand, and how far it is. */
export interface Diagnostics {
  report(sentence: string): void;
  progress(valuesRead: number): void;
}

/** What reading came to. `wasRead` is false when no input could be opened at all. */
export interface ReadResult {
  readonly code: ExitCode;
  readonly wasRead: boolean;
}

/** Reads inputs into a history, each as a stream. What is wrong is reported where it stands, and the rest is read nevertheless. */
export class HistoryReader {
  private readonly history: History;
  private readonly diagnostics: Diagnostics;
  private valuesRead = 0;

  constructor(history: History, diagnostics: Diagnostics) {
    this.history = history;
    this.diagnostics = diagnostics;
  }

  async readAll(names: readonly string[]): Promise<ReadResult> {
    const codes: ExitCode[] = [];
    for (const name of names) codes.push(await this.read(name));
    // A file that is not there is the first thing to put right: what else is wrong in the others comes second.
    const worst = [exitCode.noInput, exitCode.data].find((code) => codes.includes(code));
    return {
      code: worst ?? exitCode.done,
      wasRead: codes.some((code) => code !== exitCode.noInput),
    };
  }

  private async read(name: string): Promise<ExitCode> {
    const input = nameOfInput(name);
    const values = new JsonValues();
    let code: ExitCode = exitCode.done;
    let isEmpty = true;
    const take = (found: Found) => {
      isEmpty = false;
      if (!this.take(input, found)) code = exitCode.data;
    };
    try {
      for await (const chunk of readInput(name)) for (const found of values.push(chunk)) take(found);
      for (const found of values.end()) take(found);
    } catch (error) {
      return this.reportInputError(input, error);
    }
    if (!isEmpty) return code;
    this.diagnostics.report(`${input}, line 1: there is nothing in this input`);
    return exitCode.data;
  }

  private take(input: string, found: Found): boolean {
    const sentence =
      found.kind === 'value' ? this.history.take(found.value) : this.history.takeInvalid(found.because);
    if (sentence !== null) this.diagnostics.report(`${input}, line ${found.line}: ${sentence}`);
    this.valuesRead += 1;
    this.diagnostics.progress(this.valuesRead);
    return sentence === null;
  }

  private reportInputError(input: string, error: unknown): ExitCode {
    if (!(error instanceof InputError)) throw error;
    if (error.kind === 'missing') {
      this.diagnostics.report(`${input}: ${error.message}`);
      return exitCode.noInput;
    }
    this.diagnostics.report(`${input}, line 1: ${this.history.takeInvalid(error.message)}`);
    return exitCode.data;
  }
}
