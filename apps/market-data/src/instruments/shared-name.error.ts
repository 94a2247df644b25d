/** A name that two feeds would subscribe: their prices could not be told apart. */
export class SharedNameError extends Error {
  override readonly name = 'SharedNameError';

  constructor(symbol: string, feeds: readonly [string, string]) {
    super(
      `${symbol} would be subscribed from ${feeds.join(' and from ')}, which are different instruments: leave one of them out`,
    );
  }
}
