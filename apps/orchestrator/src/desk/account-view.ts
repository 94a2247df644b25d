import { Injectable } from '@nestjs/common';
import type { Account } from '@tickbridge/contracts';
import { chargePlanOf } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { TradingFeeds } from '../market/trading-feeds';
import { Protection } from '../orders/protection';
import { Reconciler } from '../orders/reconciler';
import { AccountTraders } from '../traders/account-traders';

/** An account as people see it: its settings, who trades it, and what is in the way. */
@Injectable()
export class AccountView {
  constructor(
    private readonly feeds: TradingFeeds,
    private readonly leases: AccountLeases,
    private readonly traders: AccountTraders,
    private readonly reconciler: Reconciler,
    private readonly brokers: Brokers,
    private readonly protection: Protection,
  ) {}

  of(account: StoredAccount): Account {
    const { id, broker, enabled, armed, feed, currency, capital, strategies, netting } = account;
    return {
      id,
      broker,
      enabled,
      armed,
      feed,
      currency,
      capital,
      chargePlan: chargePlanOf(account),
      strategies,
      netting,
      trading: this.tradingOf(account),
    };
  }

  /** A disabled account is still compared with its broker: what rests there may be filled. */
  private tradingOf({ id, broker, enabled, feed }: StoredAccount): Account['trading'] {
    const holder = this.leases.holderOf(id);
    const alarms = [...this.reconciler.alarmsOf(id), ...this.protection.alarmsOf(id)];
    const trader = this.traders.of(id);
    if (trader) {
      const reason = enabled ? trader.blockedBy : 'it is disabled';
      return { state: reason === null ? 'trading' : 'blocked', reason, holder, alarms };
    }
    if (holder !== null && holder !== this.leases.holder)
      return { state: 'elsewhere', reason: null, holder, alarms };
    return { state: 'idle', reason: this.whyIdle(feed, broker), holder, alarms };
  }

  private whyIdle(feed: StoredAccount['feed'], broker: StoredAccount['broker']): string {
    if (!this.feeds.names.includes(feed)) return `its feed ${feed} does not run`;
    if (!this.brokers.has(broker)) return `its broker ${broker} is not set up here`;
    return 'no orchestrator has taken it yet';
  }
}
