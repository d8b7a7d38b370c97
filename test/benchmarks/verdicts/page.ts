// Writes docs/verdicts.md from what was recorded last: npm run docs
import { writePage } from './results/recorded-result';

writePage();
