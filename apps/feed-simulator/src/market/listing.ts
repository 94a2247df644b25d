/** A share that a simulated exchange lists. */
export interface Instrument {
  symbol: string;
  /** Price level the simulation keeps near, in the exchange's currency. */
  referencePrice: number;
  /** Share of all trades, relative to the others: 1 trades rarely, 10 all the time. */
  liquidity: number;
  /** Names of the indices it is a member of. */
  indices: readonly string[];
}

/** What a simulated exchange lists, and how it trades. */
export interface Listing {
  readonly instruments: readonly Instrument[];
  /** Level of each index while its members stand at their reference prices. */
  readonly indices: Readonly<Record<string, number>>;
  /** Smallest price step, in the exchange's currency. */
  readonly tickSize: number;
  /** Shares that quantities are multiples of. */
  readonly lot: number;
  /** What an average trade is worth, in the exchange's currency. */
  readonly tradeValue: number;
}
