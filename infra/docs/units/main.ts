// What each kind of work costs in DynamoDB units and calls: npm run bench:units. With --write,
// infra/docs/measured-work.json keeps it.
import { writeFileSync } from 'node:fs';
import { startDynamoDb } from '../../local/aws/dynamodb/dynamodb';
import { type MeasuredWork, measureWork, type Work } from './measured-work';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const dynamoDb = await startDynamoDb();
try {
  const measured: MeasuredWork = await measureWork(dynamoDb.client);
  const rows = Object.entries<Work>({ ...measured }).map(([work, { dynamoDb: units, calls, ...counts }]) => {
    const { notifications, reconciles, told } = counts;
    const asked = Object.values(calls).reduce((sum, count) => sum + count, 0);
    return { work, notifications, ...units, reconciles, calls: asked, told };
  });
  console.table(rows);
  if (process.argv.includes('--write')) {
    const file = new URL('../measured-work.json', import.meta.url);
    writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  }
} finally {
  await dynamoDb.stop();
}
