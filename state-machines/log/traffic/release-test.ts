import type { GatePolicy } from './gate-policy';

/** A test that runs against a new version before a gate lets it go on. */
export interface ReleaseTest {
  readonly name: string;
  /** It runs as soon as a gate at this stage, or at a later one, waits. */
  readonly at: GatePolicy['stages'][number];
  /** How often it is run again after it has failed, or could not be run. */
  readonly retries: number;
  /** What has not ended by then has failed; in seconds, from the start of an attempt. */
  readonly timeoutSeconds: number;
  /** Whether the release fails with it, and no gate lets it go on before; else it is told only. */
  readonly required: boolean;
  /** How it is run: exactly one of these. */
  readonly task?: TaskRun;
  readonly lambda?: LambdaRun;
  readonly http?: HttpCheck;
  readonly answeredBy?: 'ci';
}

/** An ECS task in the service's own cluster and subnets. */
export interface TaskRun {
  /** A family, a family with its revision, or an ARN. */
  readonly taskDefinition: string;
  /** The container whose exit code decides; the task definition's first one if left out. */
  readonly container?: string;
}

/** A function of Lambda, which answers whether it passed. */
export interface LambdaRun {
  /** Its name, or its ARN. */
  readonly function: string;
}

/** An HTTP request, made again and again; each answer has to be as it says. */
export interface HttpCheck {
  readonly url: string;
  readonly status: number;
  /** What each body has to hold. */
  readonly contains?: string;
  /** What is sent. */
  readonly headers: { readonly [name: string]: string };
  /** What each answer has to have. */
  readonly answerHeaders: { readonly [name: string]: string };
  readonly count: number;
}

/** What a test came to; `error`: it could not be run, which speaks neither for nor against it. */
export const testResults = ['passed', 'failed', 'error'] as const;
export type TestResult = (typeof testResults)[number];

/** What ECS shows of the task of a test. */
export interface ShownTestTask {
  readonly lastStatus: string;
  /** Whether its containers have been started. */
  readonly hasStarted: boolean;
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  /** Of the container that decides; null where it has none. */
  readonly exitCode: number | null;
}
