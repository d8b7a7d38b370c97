import type { OperatorActed } from '../../log/observed-events';
import type { RolloutContext } from '../rollout-context';
import type { TestAnswers } from './traffic';

/** With one more answer: the first counts. A test that is nobody's to answer has none. */
export function withTestAnswer({ testAnswers, policy }: RolloutContext, event: OperatorActed): TestAnswers {
  const { test, testResult: result, by, reason } = event;
  const declared = policy.tests.find(({ name }) => name === test);
  if (result === undefined || declared?.answeredBy !== 'ci' || Object.hasOwn(testAnswers, declared.name)) {
    return testAnswers;
  }
  return { ...testAnswers, [declared.name]: { result, by, reason } };
}
