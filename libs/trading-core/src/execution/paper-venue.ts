import { DEFAULT_PAPER_MODEL, type PaperFillModel, type TradedInstrument } from './paper-fill';
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

  constructor(private readonly model: PaperFillModel = DEFAULT_PAPER_MODEL) {}

  /** Shows an order the newest quote; a fill takes from the quoted size. */
  meetQuote(order: WorkingPaperOrder, market: SizedMarket, instrument: VenueInstrument): PaperMatch {
    const { symbol } = instrument;
    const match = matchPaperOrder(order, this.depth.left(symbol, market), instrument, this.model);
    if (match.fill) this.depth.take(symbol, order.side, market, match.fill.quantity);
    return match;
  }
}
