import type { Format } from '../terminal/format-option';
import { printJson, printText } from '../terminal/streams/standard-output';
import type { RollbackReceipt } from './rollback-execution';

/** Tells what ECS answered, and how to go on and back. */
export async function tellReceipts(receipts: readonly RollbackReceipt[], format: Format): Promise<void> {
  if (format === 'json') {
    const document = { schema: 'rewind.rollback/1', services: receipts };
    return printJson([`${JSON.stringify(document, null, 2)}\n`]);
  }
  for (const { path, method, to, requestId, deployment, undo } of receipts) {
    const watch = deployment === null ? '' : `  watch:   rewind wait ${path} --deployment ${deployment}\n`;
    await printText([
      `↩ ${path}: ${method} to ${to.split('/').at(-1)} accepted (request ${requestId ?? 'unknown'})\n`,
      watch,
      `  to undo: ${undo}\n`,
    ]);
  }
}
