import { LiveMarketData } from '@tickbridge/shared-cache';
import type { RiskContext } from '@tickbridge/trading-core';

/** Prices as this service knows them by itself, to compare with what the asking side says. */
export abstract class OwnMarket {
  abstract price(symbol: string): RiskContext['ownMarket'];
}

/** Compares with this process's replica of live market data. */
export class LiveOwnMarket extends OwnMarket {
  constructor(private readonly live: LiveMarketData) {
    super();
  }

  override price(symbol: string): RiskContext['ownMarket'] {
    const known = this.live.get(symbol);
    return known && { lastPrice: known.tick.lastPrice, ageMs: known.ageMs };
  }
}

/** A replay may run faster than the replica travels; the recorded price is the only one there is. */
export class RecordedOwnMarket extends OwnMarket {
  override price(): 'same' {
    return 'same';
  }
}
