import { describe, expect, it } from 'vitest';
import { askAws } from '../../../../services/cli/terminal/aws-options';

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

describe('what is said where AWS does not answer', () => {
  it.each([
    [
      'the trouble and what to do, without the names that the SDK gives its errors',
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      {
        message:
          'Could not load credentials from any providers: log in, or say --profile, or set AWS_PROFILE',
        exitCode: 69,
      },
    ],
    [
      'what AWS itself calls it, where it answers',
      named('AccessDeniedException', 'you may not.', { $fault: 'client', $metadata: {} }),
      { message: 'AccessDeniedException: you may not', exitCode: 77 },
    ],
    [
      'that nobody listens',
      named('Error', 'connect ECONNREFUSED 127.0.0.1:9', { code: 'ECONNREFUSED', syscall: 'connect' }),
      { message: 'nobody listens there (ECONNREFUSED 127.0.0.1:9)', exitCode: 69 },
    ],
  ])('S14 is %s', async (_, error, { message, exitCode }) => {
    const asked = askAws('the table', () => Promise.reject(error));
    await expect(asked).rejects.toMatchObject({ message: `the table cannot be read: ${message}`, exitCode });
  });

  it('is thrown as it is where it is a mistake of ours', async () => {
    const mistake = new TypeError('x is not a function');
    await expect(askAws('the table', () => Promise.reject(mistake))).rejects.toBe(mistake);
  });
});
