import { CommandError, type ExitCode, exitCode } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';

interface CarriedOut<Receipt> {
  readonly receipts: readonly Receipt[];
  /** Of those that were refused. */
  readonly codes: readonly ExitCode[];
}

interface PlanOfService {
  readonly view: { readonly path: string };
}

/**
 * Carries plans out, one service after the other: one that is refused is said, and keeps no other
 * from its turn. Ctrl-C ends it behind the service that is changed just then: throws CommandError,
 * with what is done and what is not.
 */
export async function carryOutEach<Plan extends PlanOfService, Receipt>(
  plans: readonly Plan[],
  carryOut: (plan: Plan) => Promise<Receipt>,
): Promise<CarriedOut<Receipt>> {
  const receipts: Receipt[] = [];
  const codes: ExitCode[] = [];
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    for (const [index, plan] of plans.entries()) {
      if (interruption.signal.aborted) throw interrupted(plans, index);
      try {
        receipts.push(await carryOut(plan));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        say(error.message);
        codes.push(error.exitCode);
      }
    }
  } finally {
    process.off('SIGINT', interrupt);
  }
  return { receipts, codes };
}

function interrupted(plans: readonly PlanOfService[], index: number): CommandError {
  const paths = plans.map(({ view }) => view.path);
  const [done, left] = [paths.slice(0, index), paths.slice(index)].map((some) => some.join(', '));
  return new CommandError(`interrupted: ${done} had its turn, ${left} not`, exitCode.interrupted);
}
