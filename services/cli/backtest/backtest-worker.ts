import { parentPort } from 'node:worker_threads';
import { runBacktestTask } from './backtest-task';

// A thread of a backtest: told of one service's work at a time, answers with what was found.
parentPort?.on('message', (work) => parentPort?.postMessage(runBacktestTask(work)));
