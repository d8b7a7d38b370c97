// Writes docs/analysis/judging-metrics.md from what was recorded last: npm run docs
import { writeAnalysisPage } from './recorded-analysis';

writeAnalysisPage();
