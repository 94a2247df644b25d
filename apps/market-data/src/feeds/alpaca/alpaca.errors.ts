/** What to do about an error of the vendor's. */
export type Remedy =
  /** Trying again cannot help. */
  | 'give-up'
  /** The vendor has to let go of something first. */
  | 'try-later'
  | 'try-again'
  /** Fewer symbols are asked for. */
  | 'ask-for-fewer'
  /** The connection goes on; people are told. */
  | 'tell';

interface KnownError {
  readonly remedy: Remedy;
  /** What people can do about it. */
  readonly advice?: string;
}

/**
 * Errors of the stream by their code.
 *
 * Source: https://docs.alpaca.markets/docs/streaming-market-data, "Errors". A connection that broke without a good-bye
 * counts at the vendor for 90 s more (https://github.com/QuantConnect/Lean.Brokerages.Alpaca/pull/39).
 */
const ERRORS: ReadonlyMap<number, KnownError> = new Map([
  // Invalid syntax.
  [400, { remedy: 'tell' }],
  // Not authenticated.
  [401, { remedy: 'try-again' }],
  // Auth failed.
  [402, { remedy: 'give-up', advice: 'Check ALPACA_KEY and ALPACA_SECRET, then start again' }],
  // Already authenticated.
  [403, { remedy: 'tell' }],
  // Auth timeout.
  [404, { remedy: 'try-again' }],
  // Symbol limit exceeded.
  [405, { remedy: 'ask-for-fewer' }],
  // Connection limit exceeded.
  [406, { remedy: 'try-later', advice: 'Another program uses this key, or a lost connection still counts' }],
  // Slow client.
  [407, { remedy: 'try-again', advice: 'This machine could not keep up' }],
  // V2 not enabled.
  [408, { remedy: 'give-up', advice: 'Enable market data at Alpaca, then start again' }],
  // Insufficient subscription.
  [409, { remedy: 'give-up', advice: 'The plan lacks the feed that ALPACA_URL names' }],
  // Invalid subscribe action for this feed.
  [410, { remedy: 'tell' }],
  // Internal error.
  [500, { remedy: 'try-again' }],
]);

/** What to do about an error; one that is not known is waited out. */
export function remedyFor(code: number | null): Remedy {
  return (code === null ? undefined : ERRORS.get(code)?.remedy) ?? 'try-later';
}

/** The vendor's words, its code, and what people can do about it. */
export function describeError(code: number | null, message: string): string {
  const advice = code === null ? undefined : ERRORS.get(code)?.advice;
  const said = `the vendor refused: ${message}${code === null ? '' : ` (${code})`}`;
  return advice === undefined ? said : `${said}. ${advice}`;
}
