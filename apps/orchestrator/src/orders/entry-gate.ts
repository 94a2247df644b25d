import { Injectable } from '@nestjs/common';
import type { Product, Signal } from '@tickbridge/contracts';
import { type EntryRefusal, entryRefusal } from '@tickbridge/trading-core';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { StrategyDesk } from '../strategies/strategy-desk';
import { PositionBook } from '../positions/position-book';

/** Whether a strategy may enter a symbol on an account, as its exit settings say. */
@Injectable()
export class EntryGate {
  constructor(
    private readonly book: PositionBook,
    private readonly strategies: StrategyDesk,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
  ) {}

  /** Why a signal may open nothing on the account; `undefined` when it may. */
  refusal(accountId: string, { strategy, symbol }: Signal, product: Product): EntryRefusal | undefined {
    const calendar = this.feeds.of(this.book.feedOf(accountId)).calendarOf(symbol);
    const life = this.book.life({ accountId, strategy, symbol });
    const daily = this.strategies.timeframeOf(strategy) === '1d';
    return entryRefusal(this.strategies.exitsOf(strategy), life, this.clock.now(), calendar, product, daily);
  }
}
