import type { FeedName, FeedStatus } from '@tickbridge/contracts';
import { dialectOf } from '../symbols/dialect';
import type { VendorWord } from './vendor-word';

/** The connection's side of a feed's status; the pipeline adds what was counted. */
export type FeedConnection = Pick<
  FeedStatus,
  'state' | 'connected' | 'attempts' | 'lastError' | 'symbolsRequested' | 'symbolsRefused' | 'reconnects'
>;

/** A source of market data: one vendor connection, or a recording. */
export abstract class Feed {
  abstract readonly name: FeedName;

  /** True when prices are made up or recorded. */
  abstract readonly simulated: boolean;

  /** Longest silence of a healthy connection (ms): two of the vendor's heartbeats. */
  abstract readonly silenceLimitMs: number;

  /** Symbols asked for, under the platform's names. */
  abstract symbols(): readonly string[];

  /** The platform's name of an instrument, whatever alias was written; `undefined` when this feed can have none so called. */
  canonical(text: string): string | undefined {
    return dialectOf(this.name).canonical(text);
  }

  /** Subscribed by the vendor, or at least not refused by it. */
  abstract isSubscribed(symbol: string): boolean;

  /** Starts, and resolves when the first outcome is known: connected, waiting to retry, or stopped. */
  abstract connect(): Promise<void>;

  /** Says good-bye the vendor's way, closes, and stays closed. */
  abstract disconnect(): Promise<void>;

  abstract connection(): FeedConnection;

  /** The same as in `connection()`, for those who ask with every tick. */
  abstract readonly state: FeedStatus['state'];

  /** The state of what delivers this symbol, where a feed has several connections. */
  stateOf(_symbol: string): FeedStatus['state'] {
    return this.state;
  }

  /** What the vendor says of its markets; `null` for one that says nothing. */
  get vendorWord(): VendorWord | null {
    return null;
  }

  /** Drops the connection and makes a new one at once. */
  async reconnect(): Promise<void> {
    await this.disconnect();
    await this.connect();
  }
}
