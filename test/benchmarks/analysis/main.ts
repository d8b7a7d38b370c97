// How often judges of metrics are right, on drawn canaries: npm run bench analysis
import { canaryCases } from './canary-cases';
import { judgeCase } from './judged-case';
import { canariesDrawn, recordAnalysis, sliceSize } from './recorded-analysis';

const startedAt = performance.now();
const judged = canaryCases.map((one) => {
  const found = judgeCase(one, canariesDrawn);
  process.stdout.write(`  ${one.name}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return found;
});
recordAnalysis(judged, sliceSize);
