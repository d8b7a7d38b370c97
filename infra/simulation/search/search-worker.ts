import { runShare, type WorkerShare } from './seed-share';

const share: WorkerShare = JSON.parse(process.argv[2] ?? '');
await runShare(share, (result) => process.stdout.write(`${JSON.stringify(result)}\n`));
