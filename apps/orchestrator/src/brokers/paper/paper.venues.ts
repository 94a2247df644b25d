import { Injectable } from '@nestjs/common';
import type { Bar, FillAssumptions } from '@tickbridge/contracts';
import {
  isQuoted,
  type PaperMatch,
  PaperVenue,
  type VenueInstrument,
  type WorkingPaperOrder,
} from '@tickbridge/trading-core';
import { MarketView } from '../../market/market-view';

/** What paper trading assumes of a market that it does not see. */
export abstract class PaperAssumptions implements FillAssumptions {
  abstract readonly halfSpreadBps: number;
  abstract readonly slippageBps: number;
  abstract readonly maxVolumePercent: number;
}

/** The venue of each paper account, which an order meets at a quote, or in a bar while nobody quotes. */
@Injectable()
export class PaperVenues {
  private readonly byAccount = new Map<string, PaperVenue>();

  constructor(
    private readonly market: MarketView,
    private readonly assumptions: PaperAssumptions,
  ) {}

  /** Whether somebody quotes the side that an order meets. */
  isQuoted({ symbol, side }: { symbol: string; side: WorkingPaperOrder['side'] }): boolean {
    return isQuoted(side, this.market.quote(symbol));
  }

  meetQuote(accountId: string, order: WorkingPaperOrder, instrument: VenueInstrument): PaperMatch {
    return this.of(accountId).meetQuote(order, this.market.quote(instrument.symbol), instrument);
  }

  /** @param bar one that opened when the order was there already */
  meetBar(accountId: string, order: WorkingPaperOrder, bar: Bar, instrument: VenueInstrument): PaperMatch {
    return this.of(accountId).meetBar(order, bar, instrument);
  }

  end(accountId: string): void {
    this.byAccount.delete(accountId);
  }

  private of(accountId: string): PaperVenue {
    let venue = this.byAccount.get(accountId);
    if (!venue) this.byAccount.set(accountId, (venue = new PaperVenue(this.assumptions)));
    return venue;
  }
}
