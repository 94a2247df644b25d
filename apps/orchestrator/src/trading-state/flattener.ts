import { Injectable } from '@nestjs/common';
import { type Signal, toIso } from '@tickbridge/contracts';
import { SIGNAL_LIFETIME_MS, signalId } from '@tickbridge/trading-core';
import { TradingClock } from '../feed/trading-clock';
import { MarketView } from '../market/market-view';
import { PositionBook } from '../portfolio/position-book';

/** Exit signals for everything that is held. */
@Injectable()
export class Flattener {
  constructor(
    private readonly book: PositionBook,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  get done(): boolean {
    return this.book.open().length === 0;
  }

  /** One exit per strategy and symbol held; a symbol without a price has to wait for one. */
  exits(): Signal[] {
    const now = this.clock.now();
    const exits = new Map<string, Signal>();
    for (const { accountId, strategy, symbol } of this.book.open()) {
      const mark = this.market.mark(symbol);
      if (!mark) continue;
      const source = this.book.feedOf(accountId);
      const id = signalId(source, strategy, symbol, now, 'EXIT');
      exits.set(id, {
        id,
        source,
        symbol,
        strategy,
        action: 'EXIT',
        strength: 1,
        confidence: 1,
        price: mark.price,
        stopLoss: null,
        target: null,
        reason: 'All positions are being closed',
        components: {},
        barTime: toIso(now),
        createdAt: toIso(now),
        expiresAt: toIso(now + SIGNAL_LIFETIME_MS),
      });
    }
    return [...exits.values()];
  }
}
