import { Injectable } from '@nestjs/common';
import { SUBJECTS, type TokenStatus, type TokenSubmission } from '@tickbridge/contracts';
import { ProblemException, ServiceBus } from '@tickbridge/service-bootstrap';
import { TokenStore } from '@tickbridge/shared-cache';
import { DAY_MS, istDayStart } from '@tickbridge/trading-core';
import { Subject } from 'rxjs';
import { unknownAccount } from '../accounts/unknown-account.problem';
import { AccountRepository } from '../accounts/account.repository';

/** The broker whose daily tokens are kept. */
const PROVIDER = 'sharekhan';
/** Whose account it is at the broker, kept as the tokens are. It does not end with the day. */
const CUSTOMER = 'sharekhan-customer';
const CUSTOMER_ENDS_AT = Date.UTC(2100, 0);

/** ShareKhan's tokens end with the Indian trading day they were given on. */
export const TOKEN_ENDS = { [PROVIDER]: (savedAt: number) => istDayStart(savedAt) + DAY_MS };

/** What a call at the broker needs. Keep the token out of logs, answers and messages. */
export interface BrokerAccess {
  readonly token: string;
  readonly customerId: string;
  /** Tells the token from the account's later ones. */
  readonly savedAt: number;
}

/** Why there is no access: `TOKEN_MISSING`, `TOKEN_EXPIRED`, `TOKEN_REJECTED`, `CUSTOMER_UNKNOWN`. */
export interface NoAccess {
  readonly code: string;
  readonly message: string;
}

/** Daily broker tokens of accounts. An account is only ever given its own. */
@Injectable()
export class AccountTokens {
  /** Accounts whose token has come, gone or died in this process. */
  readonly changes$ = new Subject<{ accountId: string }>();

  constructor(
    private readonly tokens: TokenStore,
    private readonly accounts: AccountRepository,
    private readonly bus: ServiceBus,
  ) {}

  async status(accountId: string): Promise<TokenStatus> {
    await this.mustExist(accountId);
    return this.tokens.status(PROVIDER, accountId);
  }

  /** When the account's last token came, whatever became of it (ms since 1970); `null` when there never was one. */
  savedAt(accountId: string): Promise<number | null> {
    return this.tokens.savedAt(PROVIDER, accountId);
  }

  /** Every account at the broker with the state of its token, also those that never had one. */
  async list(): Promise<TokenStatus[]> {
    const real = (await this.accounts.all()).filter(({ broker }) => broker === PROVIDER);
    return Promise.all(real.map(({ id }) => this.tokens.status(PROVIDER, id)));
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
    await this.tokens.save(PROVIDER, accountId, token, end);
    return this.tell(accountId);
  }

  /**
   * Stores a token that came with the customer it belongs to.
   *
   * @throws ProblemException 409 CUSTOMER_MISMATCH when the account is another customer's
   */
  async submitFor(accountId: string, customerId: string, submission: TokenSubmission): Promise<TokenStatus> {
    await this.mustExist(accountId);
    const owner = await this.tokens.read(CUSTOMER, accountId);
    if (owner && owner.token !== customerId) {
      throw new ProblemException(
        409,
        'CUSTOMER_MISMATCH',
        `Account ${accountId} belongs to another customer of the broker. Log in as that customer, or open an account of its own for this one.`,
      );
    }
    const status = await this.submit(accountId, submission);
    if (owner) return status;
    await this.tokens.save(CUSTOMER, accountId, customerId, CUSTOMER_ENDS_AT);
    return this.tell(accountId);
  }

  async revoke(accountId: string): Promise<TokenStatus> {
    await this.mustExist(accountId);
    await this.tokens.revoke(PROVIDER, accountId);
    return this.tell(accountId);
  }

  /** The account's own access while its token is valid, or why there is none. */
  async access(accountId: string): Promise<BrokerAccess | NoAccess> {
    const token = await this.tokens.read(PROVIDER, accountId);
    if (!token) return REASONS[(await this.tokens.status(PROVIDER, accountId)).state];
    const customer = await this.tokens.read(CUSTOMER, accountId);
    if (!customer) {
      const message = 'Whose token it is, is not known: log in once, or paste it with the customer number';
      return { code: 'CUSTOMER_UNKNOWN', message };
    }
    return { token: token.token, customerId: customer.token, savedAt: token.savedAt };
  }

  /** The broker refused the access: its token is dead. One that came since is untouched. */
  async refused(accountId: string, used: BrokerAccess): Promise<void> {
    if (await this.tokens.reject(PROVIDER, accountId, used)) await this.tell(accountId);
  }

  private async tell(accountId: string): Promise<TokenStatus> {
    const status = await this.tokens.status(PROVIDER, accountId);
    this.bus.emit(SUBJECTS.tokenUpdated, status);
    this.changes$.next({ accountId });
    return status;
  }

  private async mustExist(accountId: string): Promise<void> {
    if (!(await this.accounts.find(accountId))) throw unknownAccount(accountId);
  }
}

export function isAccess(access: BrokerAccess | NoAccess): access is BrokerAccess {
  return 'token' in access;
}

const MISSING = { code: 'TOKEN_MISSING', message: 'There is no token of today: log in at the broker' };
/** By state; a token that was valid a moment ago has ended since. */
const REASONS: Record<TokenStatus['state'], NoAccess> = {
  none: MISSING,
  valid: MISSING,
  expiring: MISSING,
  expired: { code: 'TOKEN_EXPIRED', message: 'The token has ended with its day: log in at the broker' },
  rejected: { code: 'TOKEN_REJECTED', message: 'The broker refused the token: log in at the broker' },
};
