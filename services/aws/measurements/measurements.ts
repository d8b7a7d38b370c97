import type {
  MeasurementQuestion,
  PlanQuestion,
} from '../../../state-machines/decisions/measuring/measurement-question';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { AnalysisPlan, Measurement } from '../../../state-machines/log/measuring/measurement';

/**
 * What users of both versions of a service got. Reads only: asking again is no harm. Throws what
 * AWS's clients throw; that a single count is not whole is part of a measurement.
 */
export interface Measurements {
  /** Finds out which version is where, and what is usual. */
  plan(service: ServiceArn, question: PlanQuestion): Promise<AnalysisPlan>;
  /** The windows that are asked for; one of which nothing is told may be left out. */
  read(service: ServiceArn, question: MeasurementQuestion): Promise<readonly Measurement[]>;
}
