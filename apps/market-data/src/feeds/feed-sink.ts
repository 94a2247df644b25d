import type { MarketUpdate } from '../ticks/market-update';
import type { RejectionReason } from '../ticks/rejection';

/** Where a feed delivers. One implementation: the market-data pipeline. */
export abstract class FeedSink {
  /** A parsed, normalised update; the gate still judges it. */
  abstract accept(update: MarketUpdate): void;

  /** A frame that cannot become an update. `sample` is its shortened text, for the log. */
  abstract reject(reason: RejectionReason, sample: string): void;

  /** A well-formed frame of a kind the platform has no use for. */
  abstract ignore(kind: string): void;

  /** A connection that delivers these symbols begins: numbering of their trades may start over. */
  abstract connectionStarted(symbols: readonly string[]): void;

  /** Trades of these symbols may have gone by that cannot be fetched one by one: only the vendor's candles have them. */
  abstract tradesLost(symbols: readonly string[]): void;

  /** The recording has ended: nothing more will come. */
  abstract ended(): void;
}
