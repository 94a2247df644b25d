import type { AssetClass } from '@tickbridge/contracts';

/** One side or both of the best quote. `null` means the vendor quotes no price there. */
export interface Quote {
  bid: number | null;
  bidQuantity: number | null;
  ask: number | null;
  askQuantity: number | null;
}

/** Figures of the running session; a field the vendor does not send is `null`. */
export interface SessionFigures {
  volume: number | null;
  open: number | null;
  high: number | null;
  low: number | null;
  previousClose: number | null;
  openInterest: number | null;
}

interface UpdateBase {
  symbol: string;
  assetClass: AssetClass;
  /** Clock of the process that read the frame from the vendor's socket; in a replay the recorded one. */
  readAt: number;
}

/** One trade. */
export interface TradeUpdate extends UpdateBase {
  kind: 'trade';
  price: number;
  quantity: number | null;
  /** The vendor's number of this trade, rising per symbol; `null` when it does not number trades. */
  tradeNumber: number | null;
  /** The vendor's id of this trade where it says neither order nor count, only which trade it is. */
  tradeId?: string;
  /** `false` for a trade that counts in the volume and makes no price: an odd lot, an average price, a late report. */
  setsPrice?: boolean;
  /** Of several trades of one price told as one: number of the last of them, `tradeNumber` being the first. */
  lastNumber?: number;
  eventTime: number;
  session: SessionFigures | null;
  /** `undefined`: this frame says nothing about the quote. */
  quote?: Quote;
}

/** A changed best quote. It is not a trade. */
export interface QuoteUpdate extends UpdateBase {
  kind: 'quote';
  quote: Quote;
  /** `null` when the vendor sends quotes without a time. */
  eventTime: number | null;
}

/** State of a symbol outside the sequence of trades: sent on subscription, or once a second as a summary. */
export interface SnapshotUpdate extends UpdateBase {
  kind: 'snapshot';
  /** When the vendor says that the price was traded (ms since 1970); absent where its summary has a clock of its own. */
  tradedAt?: number;
  price: number;
  quantity: number | null;
  eventTime: number;
  session: SessionFigures;
  quote?: Quote;
}

/** What every feed's normaliser produces, whatever its vendor speaks. Times are ms since 1970. */
export type MarketUpdate = TradeUpdate | QuoteUpdate | SnapshotUpdate;
