/** Who makes a call, as far as HTTP tells. */
export interface Caller {
  /**
   * From the request's signature. It stands for the user's name, so that callers can be told apart.
   */
  readonly accessKeyId: string;
  readonly userAgent: string;
  readonly sourceIpAddress: string;
}
