import { type ExitCode, exitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';

/** What a command that changes something has done, or would do. */
interface ActAnswer {
  readonly sentence: string;
  readonly isDone: boolean;
  readonly [field: string]: unknown;
}

/** Tells it, and answers with the exit code. */
export async function answerAct(format: Format, answer: ActAnswer): Promise<ExitCode> {
  const document = { schema: 'rewind.act/1', ...answer };
  if (format === 'json') await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  else await printText([`${answer.sentence}\n`]);
  return answer.isDone ? exitCode.done : exitCode.changesPending;
}
