// The process that runs tests for the search: one request, one answer.
import { configureGlobal } from 'fast-check';
import { type RunRequest, runTests } from './test-run';

// The first history that fails is enough: nobody reads the smallest one.
configureGlobal({ endOnFailure: true });

let runs = 0;
process.on('message', (request: RunRequest) => {
  runs += 1;
  void runTests(request, runs).then((answer) => process.send?.(answer));
});
