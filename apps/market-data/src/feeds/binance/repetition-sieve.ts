import type { MarketUpdate } from '../../ticks/market-update';

interface LastTrade {
  readonly number: number;
  readonly time: number;
}

/** Lets each trade pass once while two connections deliver the same market. */
export class RepetitionSieve {
  private readonly last = new Map<string, LastTrade>();

  /**
   * Whether this trade came before, over whichever connection. Updates that carry no number never did; a lower number
   * of a later time is no repetition: the vendor numbers anew.
   */
  isRepeated(update: MarketUpdate): boolean {
    if (update.kind !== 'trade' || update.tradeNumber === null) return false;
    const last = this.last.get(update.symbol);
    if (last !== undefined && update.tradeNumber <= last.number && update.eventTime <= last.time) return true;
    this.last.set(update.symbol, { number: update.tradeNumber, time: update.eventTime });
    return false;
  }
}
