import { Injectable } from '@nestjs/common';
import { isTriggerReached, money, onPriceGrid } from '@tickbridge/trading-core';
import { MarketView } from '../market/market-view';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { ExitTrails } from '../portfolio/exit-trails';
import { PositionBook } from '../positions/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';

/** Where a position must be left, and whether the market is there. */
export interface ProtectiveLevel {
  /** On the price grid; `null` where no setting gives one, `undefined` while it cannot be told. */
  stop: number | null | undefined;
  reached: boolean;
}

/** The levels that protective stops rest at: those of the position guard, the one nearer to the market. */
@Injectable()
export class ProtectiveLevels {
  constructor(
    private readonly book: PositionBook,
    private readonly strategies: StrategyDesk,
    private readonly trails: ExitTrails,
    private readonly feeds: TradingFeeds,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  /** True while the market of the symbol takes orders. */
  isOpen(accountId: string, symbol: string): boolean {
    const calendar = this.feeds.of(this.book.feedOf(accountId)).calendarOf(symbol);
    return calendar.sessionAt(this.clock.now()) !== undefined;
  }

  /** By strategy, for every open position of the account in the symbol. */
  async of(accountId: string, symbol: string): Promise<ReadonlyMap<string, ProtectiveLevel>> {
    const feed = this.feeds.of(this.book.feedOf(accountId));
    const instrument = await feed.instrumentOf(symbol);
    const { lastPrice } = this.market.quote(symbol);
    const levels = new Map<string, ProtectiveLevel>();
    for (const position of this.book.guarded(symbol, (id) => id === accountId)) {
      const { strategy, quantity } = position;
      const { stopLoss, trailingStop } = this.trails.trails.guard(
        position,
        this.strategies.exitsOf(strategy),
        this.strategies.rangeOf(strategy, feed.name, symbol),
        this.clock.now(),
        feed.calendarOf(symbol),
      );
      const known = [stopLoss, trailingStop].filter((level) => level !== null);
      const nearest = quantity > 0 ? Math.max(...known) : Math.min(...known);
      const side = quantity > 0 ? 'SELL' : 'BUY';
      const stop =
        known.length === 0 ? null : instrument && onPriceGrid(instrument, money(nearest), side).toNumber();
      const reached =
        typeof stop === 'number' && lastPrice !== null && isTriggerReached(side, stop, lastPrice);
      levels.set(strategy, { stop, reached });
    }
    return levels;
  }
}
