import { Injectable } from '@nestjs/common';
import { SUBJECTS, type TokenStatus, type TokenSubmission } from '@tickbridge/contracts';
import { ProblemException, ServiceBus } from '@tickbridge/service-bootstrap';
import { TokenStore } from '@tickbridge/shared-cache';
import { DAY_MS, istDayStart } from '@tickbridge/trading-core';
import { AccountRepository } from '../accounts/account.repository';

/** The broker whose daily tokens are kept. */
const PROVIDER = 'sharekhan';

/** ShareKhan's tokens end with the Indian trading day they were given on. */
export const TOKEN_ENDS = { [PROVIDER]: (savedAt: number) => istDayStart(savedAt) + DAY_MS };

/** Daily broker tokens of accounts. */
@Injectable()
export class AccountTokens {
  constructor(
    private readonly tokens: TokenStore,
    private readonly accounts: AccountRepository,
    private readonly bus: ServiceBus,
  ) {}

  async status(accountId: string): Promise<TokenStatus> {
    await this.mustExist(accountId);
    return this.tokens.status(PROVIDER, accountId);
  }

  /** @throws ProblemException 400 when the token has ended already, 404 for an unknown account */
  async submit(accountId: string, { token, expiresAt }: TokenSubmission): Promise<TokenStatus> {
    await this.mustExist(accountId);
    const now = Date.now();
    const end = expiresAt === undefined ? TOKEN_ENDS[PROVIDER](now) : Date.parse(expiresAt);
    if (end <= now) {
      const message = `expected a time in the future, the token ended ${now - end} ms ago`;
      throw new ProblemException(400, 'INVALID_INPUT', `expiresAt: ${message}`, [
        { field: 'expiresAt', message },
      ]);
    }
    const status = await this.tokens.save(PROVIDER, accountId, token, end);
    this.bus.emit(SUBJECTS.tokenUpdated, status);
    return status;
  }

  async revoke(accountId: string): Promise<TokenStatus> {
    await this.mustExist(accountId);
    await this.tokens.revoke(PROVIDER, accountId);
    const status = await this.tokens.status(PROVIDER, accountId);
    this.bus.emit(SUBJECTS.tokenUpdated, status);
    return status;
  }

  private async mustExist(accountId: string): Promise<void> {
    if (await this.accounts.find(accountId)) return;
    throw new ProblemException(
      404,
      'ACCOUNT_UNKNOWN',
      `There is no account ${accountId}; GET /api/v1/accounts lists them.`,
    );
  }
}
