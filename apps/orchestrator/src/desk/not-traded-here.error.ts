import { ProblemException } from '@tickbridge/service-bootstrap';

/** This orchestrator does not hold the account's lease. */
export class NotTradedHereError extends ProblemException {
  constructor(readonly accountId: string) {
    super(
      409,
      'ACCOUNT_NOT_TRADED_HERE',
      `This orchestrator does not trade ${accountId}: another one does, or none has taken it yet.`,
    );
  }
}
