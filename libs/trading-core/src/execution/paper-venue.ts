import type { Bar, FillAssumptions, OrderSide } from '@tickbridge/contracts';
import { matchInBar, tradableVolume } from './bar-match';
import { BarVolume } from './bar-volume';
import { DEFAULT_PAPER_MODEL, type PaperMarket, type TradedInstrument } from './paper-fill';
import { matchPaperOrder, type PaperMatch, type SizedMarket, type WorkingPaperOrder } from './paper-match';
import { QuoteDepth } from './quote-depth';

/** An instrument with the name that its orders have. */
export type VenueInstrument = TradedInstrument & { readonly symbol: string };

/**
 * Where the orders of one paper account trade, in live paper, replays and backtests alike. It remembers what they took of
 * the market.
 *
 * Each account has its own: paper accounts are trials beside each other, and what one of them gets must not depend on
 * which others there are, nor on which process trades them.
 */
export class PaperVenue {
  private readonly depth = new QuoteDepth();
  private readonly volume = new BarVolume();

  constructor(private readonly model: FillAssumptions = DEFAULT_PAPER_MODEL) {}

  /** Shows an order the newest quote; a fill takes from the quoted size. */
  meetQuote(order: WorkingPaperOrder, market: SizedMarket, instrument: VenueInstrument): PaperMatch {
    const { symbol } = instrument;
    const match = matchPaperOrder(order, this.depth.left(symbol, market), instrument, this.model);
    if (match.fill) this.depth.take(symbol, order.side, market, match.fill.quantity);
    return match;
  }

  /**
   * Shows an order a bar that has closed: where somebody quotes the side it meets, the closing quote; else the bar itself,
   * which the order must have been there for, before it opened.
   */
  meetBar(order: WorkingPaperOrder, bar: Bar, instrument: VenueInstrument): PaperMatch {
    if (isQuoted(order.side, bar)) return this.meetQuote(order, closingQuote(bar), instrument);
    const left = this.volume.left(bar, tradableVolume(bar, this.model));
    const match = matchInBar(order, bar, left, instrument, this.model);
    if (match.fill) this.volume.take(bar, match.fill.quantity);
    return match;
  }
}

/** Whether somebody quotes the side that an order meets. */
export function isQuoted(side: OrderSide, { bid, ask }: Pick<PaperMarket, 'bid' | 'ask'>): boolean {
  return (side === 'BUY' ? ask : bid) !== null;
}

/** Price, quote and sizes at the close of a bar. */
export function closingQuote({ close, bid, bidQuantity, ask, askQuantity }: Bar): SizedMarket {
  return { lastPrice: close, bid, bidQuantity, ask, askQuantity };
}
