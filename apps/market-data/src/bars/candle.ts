import type { CandleInterval } from '@tickbridge/contracts';

/** Candle as this process keeps it; `openTime` in ms since 1970, exchange time. */
export interface StoredCandle {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** `null` when a vendor's history does not say. */
  trades: number | null;
}

/** A candle with what it belongs to. */
export interface NamedCandle extends StoredCandle {
  symbol: string;
  interval: CandleInterval;
}

/** One trade, as candles count it. */
export interface CandleTrade {
  readonly symbol: string;
  /** Exchange time (ms since 1970). */
  readonly eventTime: number;
  readonly price: number;
  readonly quantity: number;
  /** How many trades of this price are told as one (default 1). */
  readonly trades?: number;
  /** `false` for one that counts in the volume and makes no price. */
  readonly setsPrice?: boolean;
  /** Fetched to close a known gap: never too late for a candle that is still in memory. */
  readonly isFill?: boolean;
}
