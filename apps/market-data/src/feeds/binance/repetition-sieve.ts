import type { MarketUpdate } from '../../ticks/market-update';

/** Lets each trade pass once while two connections deliver the same market. */
export class RepetitionSieve {
  private readonly lastNumber = new Map<string, number>();

  /** Whether this trade came before, over whichever connection. Updates that carry no number never did. */
  isRepeated(update: MarketUpdate): boolean {
    if (update.kind !== 'trade' || update.tradeNumber === null) return false;
    const last = this.lastNumber.get(update.symbol);
    if (last !== undefined && update.tradeNumber <= last) return true;
    this.lastNumber.set(update.symbol, update.tradeNumber);
    return false;
  }
}
