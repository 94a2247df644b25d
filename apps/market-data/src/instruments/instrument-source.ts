import type { FeedName, Instrument } from '@tickbridge/contracts';

/** A list as it was read. */
export interface ReadList {
  readonly instruments: readonly Instrument[];
  /** Rows that could not be read; the others count all the same. */
  readonly unreadableRows: number;
}

/** The vendor answered, and what it answered is no list: a part of the market the login does not have. */
export class NoListError extends Error {
  override readonly name = 'NoListError';
}

/** A list of instruments: a vendor's, or a file of the user. */
export interface InstrumentSource {
  readonly feed: FeedName;
  /** Where it is from, as people are told: `exchangeInfo of data-api.binance.vision`. */
  readonly name: string;
  /**
   * The whole list.
   *
   * @throws NoListError when the vendor gives none, Error when it cannot be asked
   */
  read(): Promise<ReadList>;
}
