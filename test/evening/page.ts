// Writes docs/operations/evening.md from a fresh run: npm run docs
import { writeFileSync } from 'node:fs';
import { startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';
import { playEvening } from './evening';
import { eveningPage } from './evening-page';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const table = await startDynamoDb();
try {
  const page = eveningPage(await playEvening(table));
  writeFileSync(new URL('../../docs/operations/evening.md', import.meta.url), page);
} finally {
  await table.stop();
}
