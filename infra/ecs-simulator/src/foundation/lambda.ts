/** Calls a function and gives what it returned; rejects when it could not be called or failed. */
export type InvokeLambda = (functionArn: string, payload: unknown) => Promise<unknown>;

/**
 * Calls functions over HTTP, as Lambda's own API is called, so that anything that speaks it will
 * do. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function lambdaAt(endpoint: string): InvokeLambda {
  return async (functionArn, payload) => {
    const url = `${endpoint}/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(payload) });
    const body = await response.text();
    if (!response.ok || response.headers.has('x-amz-function-error')) {
      throw new Error(`${functionArn} failed with ${response.status}: ${body}`);
    }
    return JSON.parse(body);
  };
}

/** The calls under way: the one thing in the simulator that its clock does not know of. */
export class LambdaCalls {
  readonly #invoke: InvokeLambda | null;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  constructor(invoke: InvokeLambda | null) {
    this.#invoke = invoke;
  }

  get isAvailable(): boolean {
    return this.#invoke !== null;
  }

  /** Calls a function and passes on its answer, or the error. Never throws. */
  call(functionArn: string, payload: unknown, answered: (answer: unknown) => void): void {
    this.#underWay += 1;
    const invoke = this.#invoke ?? (() => Promise.reject(new Error('nothing calls functions here')));
    invoke(functionArn, payload)
      .catch((error: unknown) => error)
      .then(answered)
      .finally(() => this.#end());
  }

  /** Resolves when no call is under way: then a stepped clock may be moved on. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #end(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
