import { ProblemException } from '@tickbridge/service-bootstrap';

/** The answer to a request about an account that does not exist. */
export function unknownAccount(id: string): ProblemException {
  return new ProblemException(
    404,
    'ACCOUNT_UNKNOWN',
    `There is no account ${id}; GET /api/v1/accounts lists them.`,
  );
}
