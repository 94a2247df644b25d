import { Injectable } from '@nestjs/common';
import { type BrokerStatement, toIso } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { unknownAccount } from '../accounts/unknown-account.problem';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { BrokerUnreachableError } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';

/** Whoever asks again sooner gets the same answer: the broker counts calls, and orders need them (milliseconds). */
const KEPT_MS = 5_000;

/** What the brokers show of the accounts' customers, for people to look at. */
@Injectable()
export class BrokerStatements {
  private readonly recent = new Map<string, { at: number; statement: Promise<BrokerStatement> }>();

  constructor(
    private readonly accounts: AccountRepository,
    private readonly brokers: Brokers,
  ) {}

  /**
   * @throws ProblemException 404 for an unknown account, 409 when its broker has nothing to show or needs a login first,
   *   503 while the broker does not answer
   */
  async of(accountId: string): Promise<BrokerStatement> {
    const account = await this.accounts.find(accountId);
    if (!account) throw unknownAccount(accountId);
    const known = this.recent.get(accountId);
    if (known && performance.now() - known.at < KEPT_MS) return known.statement;
    const statement = this.read(account);
    this.recent.set(accountId, { at: performance.now(), statement });
    // What failed may be asked again at once.
    statement.catch(() => this.recent.delete(accountId));
    return statement;
  }

  private async read(account: StoredAccount): Promise<BrokerStatement> {
    const { id, broker } = account;
    const readAt = toIso(Date.now());
    const pages = await this.pagesOf(account);
    if (pages) return { accountId: id, broker, readAt, ...pages };
    throw new ProblemException(
      409,
      'NO_BROKER_STATEMENT',
      `The books of ${id} are kept here: GET /api/v1/portfolio and /api/v1/positions show them.`,
    );
  }

  private async pagesOf(account: StoredAccount) {
    try {
      return await this.brokers.of(account).pages(account);
    } catch (error) {
      if (error instanceof RangeError) throw new ProblemException(409, 'BROKER_NOT_SET_UP', error.message);
      if (!(error instanceof BrokerUnreachableError)) throw error;
      const byPerson = /^(TOKEN|CUSTOMER)_/.test(error.code);
      throw new ProblemException(byPerson ? 409 : 503, error.code, error.message);
    }
  }
}
