import { Injectable } from '@nestjs/common';
import { AccountLeases, FencedOffError } from '../accounts/account-leases';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { unknownAccount } from '../accounts/unknown-account.problem';
import type { AccountTrader } from '../traders/account-trader';
import { AccountTraders } from '../traders/account-traders';
import { NotTradedHereError } from './not-traded-here.error';

/** An account in the hands of this process. */
export interface TradedAccount {
  readonly account: StoredAccount;
  readonly trader: AccountTrader;
}

/** The accounts that people may act on here. */
@Injectable()
export class TradedAccounts {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly traders: AccountTraders,
    private readonly leases: AccountLeases,
  ) {}

  /** @throws ProblemException 404 for an unknown account; NotTradedHereError when another process trades it */
  async of(accountId: string): Promise<TradedAccount> {
    const account = await this.accounts.find(accountId);
    if (!account) throw unknownAccount(accountId);
    // An account that was opened a moment ago, here or elsewhere, may be free still or its holder not known yet.
    if (!this.traders.of(accountId) && !this.leases.addressOf(accountId)) await this.traders.takeFree();
    const trader = this.traders.of(accountId);
    if (trader) return { account, trader };
    throw new NotTradedHereError(accountId);
  }
}

/** The account may change hands while a wish waits for its turn. @throws NotTradedHereError then */
export async function inTurn<T>(trader: AccountTrader, task: () => Promise<T>): Promise<T> {
  try {
    return await trader.inTurn(task);
  } catch (error) {
    if (error instanceof FencedOffError) throw new NotTradedHereError(trader.id);
    throw error;
  }
}
