import { describe } from 'vitest';
import { backEndContract } from './contract';
import { prometheusTold, victoriaMetricsTold } from './prometheus-servers';
import { cloudWatchTold, httpTold, lambdaTold, logsTold } from './told-back-ends';
import { hasVictoriaMetrics } from './victoria-metrics';

describe('metrics of an application in CloudWatch', () => backEndContract(cloudWatchTold));
describe('a server that speaks as Prometheus', () => backEndContract(prometheusTold));
describe('lines of containers in CloudWatch Logs', () => backEndContract(logsTold));
describe('a server that answers with JSON', () => backEndContract(httpTold));
describe("a function of the user's", () => backEndContract(lambdaTold));

const describeWithServer = describe.skipIf(!hasVictoriaMetrics);
describeWithServer('a real VictoriaMetrics (skipped where npm could get none, but on a CI)', () =>
  backEndContract(victoriaMetricsTold),
);
