import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { OrderUpkeep } from '../orders/order-upkeep';
import { Reconciler } from '../orders/reconciler';
import { SignalDecisions } from '../orders/signal-decisions';
import { PositionBook } from '../positions/position-book';

/** What every trader works with: Nest makes it, the traders themselves are made as accounts come and go. */
@Injectable()
export class TraderTools {
  constructor(
    readonly accounts: AccountRepository,
    readonly decisions: SignalDecisions,
    readonly upkeep: OrderUpkeep,
    readonly reconciler: Reconciler,
    readonly book: PositionBook,
    private readonly feeds: TradingFeeds,
  ) {}

  /** In a replay unfinished signals come again with their bars. */
  get recorded(): boolean {
    return this.feeds.recorded;
  }
}
