import { Injectable } from '@nestjs/common';
import { type Signal, toIso } from '@tickbridge/contracts';
import { SIGNAL_LIFETIME_MS, signalId } from '@tickbridge/trading-core';
import { MarketView } from '../market/market-view';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import { AccountTraders } from '../traders/account-traders';

const EXIT_REASON = 'All positions are being closed';
const EXIT_TURN_MS = 3_000;

/** Signals that close what is held here. */
@Injectable()
export class PositionExits {
  constructor(
    private readonly book: PositionBook,
    private readonly traders: AccountTraders,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  /** What may be closed. Nothing leaves a disabled account, not even to close: a person has taken it in hand. */
  held() {
    return this.book.open().filter(({ accountId }) => this.traders.of(accountId)?.enabled === true);
  }

  /** One exit per strategy and symbol held; a symbol without a price has to wait for one. */
  signals(): Signal[] {
    const now = this.clock.now();
    // One wish in a while: what cannot be closed at once is not closed sooner by asking more often.
    const turn = Math.floor(now / EXIT_TURN_MS) * EXIT_TURN_MS;
    const exits = new Map<string, Signal>();
    for (const { accountId, strategy, symbol } of this.held()) {
      const mark = this.market.mark(symbol);
      if (!mark) continue;
      const source = this.book.feedOf(accountId);
      const id = signalId(source, strategy, symbol, turn, 'EXIT');
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
        reason: EXIT_REASON,
        components: {},
        barTime: toIso(now),
        createdAt: toIso(now),
        expiresAt: toIso(now + SIGNAL_LIFETIME_MS),
      });
    }
    return [...exits.values()];
  }
}
