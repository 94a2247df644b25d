import { Injectable } from '@nestjs/common';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';

/** The account that a question is about. */
@Injectable()
export class AccountFinder {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly clock: TradingClock,
  ) {}

  /** Just behind the trading clock's time: what was measured at this instant is part of "until now". */
  now(): number {
    return this.clock.now() + 1;
  }

  /**
   * The account, or without an id this feed's first.
   *
   * @throws ProblemException 404 `ACCOUNT_UNKNOWN`
   */
  async find(id: string | undefined): Promise<StoredAccount> {
    const found = id === undefined ? (await this.accounts.tradable())[0] : await this.accounts.find(id);
    return found ?? this.refuse(id);
  }

  refuse(id: string | undefined): never {
    const missing = id === undefined ? 'enabled account of this feed' : `account ${id}`;
    throw new ProblemException(404, 'ACCOUNT_UNKNOWN', `There is no ${missing}.`);
  }
}
